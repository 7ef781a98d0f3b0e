import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { Icon } from '../parts/icons.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { useT } from '../words/words.tsx'
import styles from './frame.module.css'
import { closeLayer } from './open.ts'
import { findItems, type PaletteItem, type PaletteSource, paletteActions } from './palette.ts'

interface Section {
  readonly head: string
  readonly items: readonly PaletteItem[]
}

function Found({
  typed,
  places,
  sources,
  onPick,
}: {
  typed: string
  places: readonly PaletteItem[]
  sources: readonly PaletteSource[]
  onPick: (item: PaletteItem) => void
}) {
  const t = useT()
  const list = useId()
  const [at, setAt] = useState(0)
  const text = typed.trim()
  const remote = useQuery({
    queryKey: ['palette', text],
    queryFn: async ({ signal }) => {
      // A short pause, so that typing a name is one question and not eight.
      await new Promise((resolve) => setTimeout(resolve, 120))
      signal.throwIfAborted()
      // One source without rights or answer leaves the others standing.
      const found = await Promise.allSettled(sources.map((source) => source.search(text, signal)))
      return found.map((one, index) => ({
        head: sources[index]?.head ?? '',
        items: one.status === 'fulfilled' ? one.value : [],
      }))
    },
    enabled: text.length >= 2 && sources.length > 0,
    staleTime: 10_000,
    retry: false,
  })
  const sections: Section[] = [
    { head: t('frame.palette.actions'), items: findItems(paletteActions(), text) },
    { head: t('frame.palette.go'), items: findItems(places, text) },
    ...(text.length >= 2 ? (remote.data ?? []) : []),
  ].filter((section) => section.items.length > 0)
  const flat = sections.flatMap((section) => section.items)
  const current = flat[Math.min(at, flat.length - 1)]

  // biome-ignore lint/correctness/useExhaustiveDependencies: other words, other hits: from the top again
  useEffect(() => setAt(0), [text])
  useEffect(() => {
    if (current) document.getElementById(`${list}-${current.id}`)?.scrollIntoView({ block: 'nearest' })
  }, [current, list])

  // The field has the keyboard; what is chosen is told to it by id.
  useEffect(() => {
    const field = document.querySelector<HTMLInputElement>('[data-palette]')
    if (!field) return
    field.setAttribute('aria-controls', list)
    if (current) field.setAttribute('aria-activedescendant', `${list}-${current.id}`)
    else field.removeAttribute('aria-activedescendant')
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        const step = event.key === 'ArrowDown' ? 1 : -1
        setAt((before) =>
          flat.length === 0 ? 0 : (Math.min(before, flat.length - 1) + step + flat.length) % flat.length,
        )
      } else if (event.key === 'Enter' && current) {
        event.preventDefault()
        onPick(current)
      }
    }
    field.addEventListener('keydown', onKey)
    return () => field.removeEventListener('keydown', onKey)
  }, [current, flat.length, list, onPick])

  return (
    <>
      <div className={styles.found} role="listbox" id={list} aria-label={t('frame.palette.name')}>
        {sections.map((section) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
          <div key={section.head} role="group" aria-label={section.head}>
            <div className={styles.foundHead} aria-hidden="true">
              {section.head}
            </div>
            {section.items.map((item) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
              <div
                key={item.id}
                id={`${list}-${item.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={item === current}
                className={styles.hit}
                onPointerMove={() => setAt(flat.indexOf(item))}
                onClick={() => onPick(item)}
              >
                <Icon name={item.icon} />
                {item.label}
                {item.hint ? <small>{item.hint}</small> : null}
                {item.keys ? (
                  <span className={styles.end}>
                    <KeyHint keys={item.keys} />
                  </span>
                ) : null}
              </div>
            ))}
          </div>
        ))}
      </div>
      {flat.length === 0 && !remote.isFetching ? (
        <p className={styles.none}>{t('frame.palette.none', { text })}</p>
      ) : null}
    </>
  )
}

/** `Ctrl/⌘ K`: goes anywhere, finds customers, projects and invoices, does what the page can do. */
export default function Palette({
  places,
  sources,
}: {
  places: readonly PaletteItem[]
  sources: readonly PaletteSource[]
}) {
  const t = useT()
  const [typed, setTyped] = useState('')
  const pick = (item: PaletteItem) => {
    closeLayer()
    item.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      closeLayer()
    }
  }
  return (
    <Modal
      opened
      onClose={closeLayer}
      withCloseButton={false}
      padding={0}
      size={600}
      yOffset="12dvh"
      styles={{ body: { padding: 0 } }}
      aria-label={t('frame.palette.name')}
      onKeyDown={onKeyDown}
    >
      <div className={styles.palette}>
        <div className={styles.paletteField}>
          <Icon name="search" />
          <input
            data-autofocus
            data-palette
            role="combobox"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-label={t('frame.find')}
            placeholder={t('frame.palette.placeholder')}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <KeyHint keys="Escape" />
        </div>
        <Found typed={typed} places={places} sources={sources} onPick={pick} />
      </div>
    </Modal>
  )
}
