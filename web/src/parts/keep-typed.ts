import { useEffect, useState } from 'react'

/** For a dialog or a sheet: a touch beside it does not throw away what was typed in it. */
export function useKeepTyped(open: boolean) {
  const [typed, setTyped] = useState(false)
  useEffect(() => {
    if (open) setTyped(false)
  }, [open])
  return { closeOnClickOutside: !typed, onInput: () => setTyped(true) }
}
