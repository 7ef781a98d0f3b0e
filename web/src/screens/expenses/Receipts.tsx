import { type ClipboardEvent, type DragEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { base } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useProblemWords } from '../../parts/problem-words.ts'
import { Bar } from '../../parts/Task.tsx'
import { isApiProblem } from '../../problem.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { StoredFile } from './expense.ts'
import styles from './receipts.module.css'
import { FileEmpty, FileTooLarge, type Sending } from './use-sending.ts'

/** Most receipts of one expense. */
const most = 10

/** Receipts of an expense, to look at; each opens in a tab of its own. */
export function ReceiptsShown({
  files,
  children,
}: {
  files: readonly StoredFile[]
  children?: (file: StoredFile) => ReactNode
}) {
  const t = useT()
  const format = useFormat()
  const { slug } = useFirm()
  if (files.length === 0) return null
  return (
    <ul className={styles.list} aria-label={t('expenses.receipts')}>
      {files.map((file) => (
        <li key={file.id}>
          <a
            href={`${base}/files/${file.id}?firm=${slug}`}
            target="_blank"
            rel="noreferrer"
            className={styles.tile}
            aria-label={t('expenses.receipt.open', { name: file.name })}
          >
            <Picture file={file} />
          </a>
          <span className={styles.name}>
            <span title={file.name}>{file.name}</span>
            <small>{format.bytes(file.sizeBytes)}</small>
          </span>
          {children?.(file)}
        </li>
      ))}
    </ul>
  )
}

/** What this browser cannot draw (a PDF, mostly HEIC) is a sheet with its kind. */
function Picture({ file }: { file: StoredFile }) {
  const { slug } = useFirm()
  const [broken, setBroken] = useState(false)
  if (file.mediaType === 'application/pdf' || broken)
    return (
      <span className={styles.sheet}>
        <Icon name="document" size={22} />
        {file.mediaType === 'application/pdf' ? 'PDF' : 'HEIC'}
      </span>
    )
  return <img src={`${base}/files/${file.id}?firm=${slug}`} alt="" loading="lazy" onError={() => setBroken(true)} />
}

interface ReceiptsProps {
  readonly files: readonly StoredFile[]
  readonly onChange: (files: readonly StoredFile[]) => void
  readonly sending: readonly Sending[]
  readonly add: (files: Iterable<File>) => void
  readonly again: (key: string) => void
  readonly forget: (key: string) => void
  readonly error?: ReactNode
  /** A new expense begins with its photo. */
  readonly first: boolean
}

/** Takes a photo, a file, what is dropped here and what is pasted; several, in their order. */
export function Receipts({ files, onChange, sending, add, again, forget, error, first }: ReceiptsProps) {
  const t = useT()
  const id = useId()
  const photo = useRef<HTMLInputElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const room = files.length + sending.length < most
  // What is pasted anywhere in the dialog is a receipt, unless it is text for a field.
  const latest = useRef({ add, room })
  latest.current = { add, room }
  useEffect(() => {
    const paste = (event: globalThis.ClipboardEvent | ClipboardEvent) => {
      const pasted = [...(event.clipboardData?.files ?? [])]
      if (pasted.length === 0 || !latest.current.room) return
      event.preventDefault()
      latest.current.add(pasted)
    }
    window.addEventListener('paste', paste)
    return () => window.removeEventListener('paste', paste)
  }, [])
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (room) add(event.dataTransfer.files)
  }
  const choose = (input: HTMLInputElement) => {
    if (input.files) add(input.files)
    // The same file may be chosen again.
    input.value = ''
  }
  const earlier = (at: number) => {
    const [one, before] = [files[at], files[at - 1]]
    if (one && before) onChange(files.map((each, index) => (index === at ? before : index === at - 1 ? one : each)))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: what is in it is no form field
    <div role="group" aria-labelledby={`${id}-label`} aria-describedby={error ? `${id}-error` : undefined}>
      <span id={`${id}-label`} className={styles.label}>
        {t('expenses.receipts')}
      </span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has its buttons beside it */}
      <div
        className={`${styles.box} ${over ? styles.over : ''} ${error ? styles.wrong : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <ReceiptsShown files={files}>
          {(one) => (
            <>
              {files.indexOf(one) > 0 ? (
                <IconButton
                  icon="back"
                  name={t('expenses.receipt.earlier', { name: one.name })}
                  onClick={() => earlier(files.indexOf(one))}
                />
              ) : null}
              <IconButton
                icon="close"
                name={t('expenses.receipt.remove', { name: one.name })}
                onClick={() => onChange(files.filter((each) => each !== one))}
              />
            </>
          )}
        </ReceiptsShown>
        {sending.length > 0 ? (
          <ul className={styles.sending}>
            {sending.map((one) => (
              <SendingLine key={one.key} one={one} again={() => again(one.key)} forget={() => forget(one.key)} />
            ))}
          </ul>
        ) : null}
        {room ? (
          <div className={styles.ways}>
            <Button
              icon="camera"
              className={styles.photo}
              data-autofocus={first || undefined}
              onClick={() => photo.current?.click()}
            >
              {t('expenses.receipt.photo')}
            </Button>
            <Button icon="document" name="files" data-path="files" onClick={() => file.current?.click()}>
              {t('expenses.receipt.file')}
            </Button>
            <span className={styles.hint}>{t('expenses.receipt.drop')}</span>
          </div>
        ) : null}
        <input
          ref={photo}
          type="file"
          accept="image/*"
          capture="environment"
          hidden
          aria-label={t('expenses.receipt.photo')}
          onChange={(event) => choose(event.currentTarget)}
        />
        <input
          ref={file}
          type="file"
          accept="image/*,application/pdf"
          multiple
          hidden
          aria-label={t('expenses.receipt.file')}
          onChange={(event) => choose(event.currentTarget)}
        />
      </div>
      {error ? (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  )
}

function SendingLine({ one, again, forget }: { one: Sending; again: () => void; forget: () => void }) {
  const t = useT()
  const wordsOf = useProblemWords()
  const why = (problem: unknown): string => {
    if (problem instanceof FileTooLarge) return t('expenses.receipt.tooLarge')
    if (problem instanceof FileEmpty) return t('expenses.receipt.empty')
    const field = isApiProblem(problem) ? problem.problem.errors?.[0]?.message : undefined
    return field ?? wordsOf(problem).cause
  }
  if (!one.problem)
    return (
      <li>
        <span className={styles.name}>
          <span>{one.name}</span>
          <Bar
            name={t('expenses.receipt.sending', { name: one.name })}
            value={one.part ?? 0}
            of={one.part === null ? null : 1}
          />
        </span>
        <IconButton icon="close" name={t('expenses.receipt.stop', { name: one.name })} onClick={forget} />
      </li>
    )
  return (
    <li className={styles.failed}>
      <span className={styles.name}>
        <span>{one.name}</span>
        <small role="alert">{why(one.problem)}</small>
      </span>
      <Button size="sm" icon="refresh" onClick={again}>
        {t('parts.tryAgain')}
      </Button>
      <IconButton icon="close" name={t('expenses.receipt.remove', { name: one.name })} onClick={forget} />
    </li>
  )
}
