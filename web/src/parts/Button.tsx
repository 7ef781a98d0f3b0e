import { Tooltip } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import styles from './button.module.css'
import { Icon, type IconName } from './icons.tsx'
import { KeyHint } from './KeyHint.tsx'

type Kind = 'plain' | 'primary' | 'quiet' | 'danger' | 'link'

interface Look {
  /** One `primary` per bar; `danger` only for what cannot be undone. */
  readonly kind?: Kind
  readonly size?: 'sm' | 'md' | 'lg'
  readonly icon?: IconName
  readonly iconAfter?: IconName
  /** Keys that do the same: `Ctrl+Enter`. Only shown; `useKeys` listens. */
  readonly keys?: string
  readonly wide?: boolean
}

const look = ({ kind = 'plain', size = 'md', wide }: Look, more?: string) =>
  [
    styles.button,
    kind === 'plain' ? '' : styles[kind],
    size === 'md' ? '' : styles[size],
    wide ? styles.wide : '',
    more ?? '',
  ]
    .filter(Boolean)
    .join(' ')

function Inside({ icon, iconAfter, keys, busy, children }: Look & { busy?: boolean; children?: ReactNode }) {
  return (
    <>
      {busy ? <span className={styles.turning} /> : icon ? <Icon name={icon} size={14} /> : null}
      {children}
      {iconAfter ? <Icon name={iconAfter} size={14} /> : null}
      {keys ? <KeyHint keys={keys} /> : null}
    </>
  )
}

export type ButtonProps = Look &
  ComponentPropsWithRef<'button'> & {
    /** At work: shown, spoken, and pressed in vain until it is done. */
    readonly busy?: boolean
  }

export function Button({
  kind,
  size,
  icon,
  iconAfter,
  keys,
  wide,
  busy,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={look({ kind, size, wide }, [busy ? styles.busy : '', className ?? ''].join(' ').trim())}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled'] || undefined}
      onClick={busy ? undefined : onClick}
    >
      <Inside icon={icon} iconAfter={iconAfter} keys={keys} busy={busy}>
        {children}
      </Inside>
    </button>
  )
}

/** A button of one icon; its name is spoken and shown as a tip. */
export function IconButton({
  icon,
  name,
  keys,
  kind = 'quiet',
  size = 'sm',
  className,
  ...rest
}: Omit<ButtonProps, 'children' | 'icon' | 'iconAfter'> & { readonly icon: IconName; readonly name: string }) {
  return (
    <Tooltip label={keys ? `${name}  ${keys}` : name}>
      <button
        type="button"
        aria-label={name}
        {...rest}
        className={look({ kind, size }, `${styles.bare} ${className ?? ''}`.trim())}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  )
}

function Anchor({
  kind,
  size,
  icon,
  iconAfter,
  keys,
  wide,
  className,
  children,
  ...rest
}: Look & ComponentPropsWithRef<'a'>) {
  return (
    <a {...rest} className={look({ kind, size, wide }, className)}>
      <Inside icon={icon} iconAfter={iconAfter} keys={keys}>
        {children}
      </Inside>
    </a>
  )
}

/** Looks like a button, goes somewhere: `<ButtonLink to="/f/$firm/customers/new" params={{ firm }} icon="plus">`. */
export const ButtonLink = createLink(Anchor)
export const ExternalButton = Anchor
