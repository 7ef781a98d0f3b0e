import { useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useId, useRef, useState } from 'react'
import { answer, api, base } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { useProblemWords } from '../../parts/problem-words.ts'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type FirmAnswer, firmQuery } from './firm-query.ts'
import styles from './logo.module.css'
import { prepareLogo } from './prepare-logo.ts'

const sendLogo = (picture: Blob) =>
  answer(
    api.PUT('/firm/logo', {
      // The client types a file as text; what is sent is its bytes.
      body: picture as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { 'Content-Type': picture.type || 'application/octet-stream' },
    }),
  )

/** The logo that invoices carry from now on; each change can be taken back for ten seconds. */
export function Logo({ firm }: { firm: FirmAnswer }) {
  const t = useT()
  const id = useId()
  const client = useQueryClient()
  const wordsOf = useProblemWords()
  const { slug } = useFirm()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const address = firm.logo ? `${base}/logos/${firm.logo}?firm=${slug}` : null

  const changed = async (after: FirmAnswer) => {
    // The form beside it keeps what was typed: only the logo is another.
    client.setQueryData<FirmAnswer>(firmQuery.queryKey, (now) => now && { ...now, logo: after.logo })
    await client.invalidateQueries({ queryKey: ['invoice'] })
  }
  const before = async () => {
    const shown = address ? await fetch(address) : null
    return shown?.ok ? shown.blob() : null
  }
  const put = async (picture: Blob | null) =>
    changed(picture ? await sendLogo(picture) : await answer(api.DELETE('/firm/logo')))

  async function change(chosen: File | null) {
    setBusy(true)
    setProblem(null)
    try {
      const [old, picture] = [await before(), chosen && (await prepareLogo(chosen))]
      await put(picture)
      if (picture && !old) say(t('settings.logo.saved'))
      else sayUndo(t(picture ? 'settings.logo.saved' : 'settings.logo.removed'), () => put(old).catch(sayProblem))
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const choose = (files: FileList | null) => {
    const [file] = files ?? []
    if (file) void change(file)
    // The same file may be chosen again.
    if (input.current) input.current.value = ''
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!busy) choose(event.dataTransfer.files)
  }
  const words = problem ? wordsOf(problem) : null
  return (
    <section className={styles.part} aria-labelledby={id}>
      <div>
        <h2 id={id}>{t('settings.logo')}</h2>
        <p>{t('settings.logo.text')}</p>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has its button beside it */}
      <div
        className={`${styles.box} ${over ? styles.over : ''} ${words ? styles.wrong : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {address ? (
          <span className={styles.paper}>
            <img src={address} alt={t('settings.logo.of', { firm: firm.name })} />
          </span>
        ) : (
          <p className="muted">{t('settings.logo.none')}</p>
        )}
        <div className={styles.ways}>
          <Button icon={address ? 'refresh' : 'plus'} busy={busy} onClick={() => input.current?.click()}>
            {t(address ? 'settings.logo.replace' : 'settings.logo.choose')}
          </Button>
          {address ? (
            <Button kind="quiet" disabled={busy} onClick={() => void change(null)}>
              {t('settings.logo.remove')}
            </Button>
          ) : null}
          <span className={styles.hint}>{t('settings.logo.hint')}</span>
        </div>
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label={t('settings.logo.choose')}
          onChange={(event) => choose(event.currentTarget.files)}
        />
      </div>
      {words ? (
        <p className={styles.error} role="alert">
          {words.cause} {words.remedy}
        </p>
      ) : null}
    </section>
  )
}
