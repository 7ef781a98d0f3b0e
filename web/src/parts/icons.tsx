import type { ReactNode } from 'react'

/** Drawn on a grid of 16, stroke 1.5; one hand for all. */
const shapes = {
  approvals: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" />
      <path d="m5.5 8.2 1.8 1.8 3.3-3.7" />
    </>
  ),
  arrow: <path d="M3 8h10M9.5 4.5 13 8l-3.5 3.5" />,
  archive: (
    <>
      <rect x="2" y="3" width="12" height="3.5" rx="1" />
      <path d="M3 6.500V12c0 .6.4 1 1 1h8c.6 0 1-.4 1-1V6.500M6.5 9h3" />
    </>
  ),
  back: <path d="M9.5 4.5 6 8l3.5 3.5" />,
  bell: (
    <>
      <path d="M4 7a4 4 0 0 1 8 0c0 3 1 4 1.500 4.800h-11C3 11 4 10 4 7z" />
      <path d="M6.600 13.800a1.500 1.500 0 0 0 2.800 0" />
    </>
  ),
  calendar: (
    <>
      <rect x="2.5" y="3.5" width="11" height="10" rx="1.5" />
      <path d="M2.5 6.800h11M5.5 2v2.500M10.5 2v2.5" />
    </>
  ),
  camera: (
    <>
      <path d="M2 5.500c0-.6.4-1 1-1h2L6 3h4l1 1.500h2c.6 0 1 .4 1 1V12c0 .6-.4 1-1 1H3c-.6 0-1-.4-1-1z" />
      <circle cx="8" cy="8.5" r="2.3" />
    </>
  ),
  chart: <path d="M2.5 13.500h11M4.5 11V7.500M8 11V3M11.5 11V5.5" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  checked: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.4 8.3 1.8 1.8 3.4-4" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.700V8l2.2 1.4" />
    </>
  ),
  close: <path d="m4.5 4.5 7 7M11.5 4.500l-7 7" />,
  columns: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="M6.5 3v10M10 3v10" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.500v-2c0-.6-.4-1-1-1h-6c-.6 0-1 .4-1 1v6c0 .6.4 1 1 1h2" />
    </>
  ),
  customers: (
    <>
      <circle cx="6" cy="5.5" r="2.5" />
      <path d="M1.8 13.500c.3-2.6 2-4 4.2-4s3.9 1.4 4.2 4M10.5 3.300a2.4 2.4 0 0 1 0 4.500M12 9.900c1.3.5 2.1 1.7 2.3 3.6" />
    </>
  ),
  cross: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m6 6 4 4M10 6l-4 4" />
    </>
  ),
  document: (
    <>
      <path d="M4 2h5l3 3v9H4zM9 2v3h3" />
      <path d="M6.2 8.500h3.600M6.2 11h3.6" />
    </>
  ),
  down: <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  edit: <path d="M3 13h2.500l7-7L10 3.500l-7 7zM8.5 5 11 7.5" />,
  external: <path d="M9.5 3H13v3.500M13 3 7.5 8.500M11.5 9.500V13H3V4.500h3.5" />,
  eye: (
    <>
      <circle cx="8" cy="8" r="2" />
      <path d="M1.5 8C3 5.2 5.3 3.8 8 3.800S13 5.2 14.5 8C13 10.8 10.7 12.2 8 12.200S3 10.8 1.5 8z" />
    </>
  ),
  expense: (
    <>
      <path d="M3.5 2v12l1.5-1 1.5 1L8 13l1.5 1 1.5-1 1.5 1V2L11 3 9.5 2 8 3 6.5 2 5 3z" />
      <path d="M6 6.500h4M6 9.500h4" />
    </>
  ),
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  firm: (
    <>
      <path d="M3.5 13.500v-10c0-.6.4-1 1-1h5c.6 0 1 .4 1 1v10M10.5 6.500h2c.6 0 1 .4 1 1v6M2 13.500h12" />
      <path d="M6 5.500h2M6 8h2M6 10.500h2" />
    </>
  ),
  flag: <path d="M4 14V2.500h7.500l-1.5 3 1.5 3H4" />,
  grip: <path d="M6 4.500v.01M10 4.500v.01M6 8v.01M10 8v.01M6 11.500v.01M10 11.500v.01" strokeWidth="2" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.300v3.500M8 5.200v.1" />
    </>
  ),
  key: (
    <>
      <circle cx="5" cy="11" r="2.5" />
      <path d="m6.8 9.2 6-6M10.5 5.500l2 2" />
    </>
  ),
  keyboard: (
    <>
      <rect x="1.8" y="4" width="12.4" height="8" rx="1.5" />
      <path d="M4.5 6.500v.01M7 6.500v.01M9.5 6.500v.01M11.8 6.500v.01M5.5 9.500h5" />
    </>
  ),
  language: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M2 8h12M8 2c1.8 1.7 2.6 3.7 2.6 6S9.8 12.3 8 14c-1.8-1.7-2.6-3.7-2.6-6S6.2 3.7 8 2z" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  mail: (
    <>
      <rect x="2" y="3.5" width="12" height="9" rx="1.5" />
      <path d="m2.5 4.800 5.5 4.200 5.5-4.200" />
    </>
  ),
  menu: <path d="M2.5 4.500h11M2.5 8h11M2.5 11.500h11" />,
  minus: <path d="M4 8h8" />,
  moon: <path d="M13.5 9.300A5.8 5.8 0 1 1 6.7 2.500a4.6 4.6 0 0 0 6.8 6.800z" />,
  more: (
    <>
      <circle cx="3.5" cy="8" r=".9" fill="currentColor" />
      <circle cx="8" cy="8" r=".9" fill="currentColor" />
      <circle cx="12.5" cy="8" r=".9" fill="currentColor" />
    </>
  ),
  next: <path d="m6.5 4.5 3.5 3.5-3.5 3.5" />,
  note: <path d="M3 3h10v7l-3 3H3zM13 10h-3v3" />,
  pause: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.5 6v4M9.5 6v4" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5.5" r="2.7" />
      <path d="M3 13.500c.3-2.7 2.3-4.2 5-4.200s4.7 1.5 5 4.2" />
    </>
  ),
  play: <path d="M5 3.500v9l7.5-4.500z" fill="currentColor" />,
  plus: <path d="M8 3.500v9M3.5 8h9" />,
  print: (
    <>
      <path d="M4.5 6V2.500h7V6M4.5 11.500h-1c-.6 0-1-.4-1-1V7c0-.6.4-1 1-1h9c.6 0 1 .4 1 1v3.500c0 .6-.4 1-1 1h-1" />
      <rect x="4.5" y="9.5" width="7" height="4" rx=".5" />
    </>
  ),
  project: <path d="M2 4.500c0-.6.4-1 1-1h3l1.5 1.500H13c.6 0 1 .4 1 1v6c0 .6-.4 1-1 1H3c-.6 0-1-.4-1-1z" />,
  plug: <path d="M5.5 2v3M10.5 2v3M4 5h8v2.500a4 4 0 0 1-8 0zM8 11.500V14" />,
  refresh: <path d="M13 3v3.500H9.500M12.8 6.500A5.2 5.2 0 1 0 13 9.5" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3 3" />
    </>
  ),
  send: <path d="M14 2 7.5 8.500M14 2l-4.3 12-2.2-5.500L2 6.300z" />,
  settings: (
    <>
      <circle cx="8" cy="8" r="2.2" />
      <path d="M8 1.800v1.900M8 12.300v1.900M1.8 8h1.900M12.3 8h1.900M3.6 3.6 5 5M11 11l1.4 1.400M12.4 3.6 11 5M5 11l-1.4 1.4" />
    </>
  ),
  signOut: <path d="M6.5 3H4c-.6 0-1 .4-1 1v8c0 .6.4 1 1 1h2.500M10 5l3 3-3 3M13 8H6.5" />,
  sortDown: <path d="M8 3.500v9M4.5 9 8 12.5 11.5 9" />,
  sortUp: <path d="M8 12.500v-9M4.5 7 8 3.5 11.5 7" />,
  star: <path d="m8 2.3 1.7 3.6 3.9.5-2.9 2.7.8 3.900L8 11.1 4.5 13l.8-3.900L2.4 6.400l3.9-.5z" />,
  stop: <rect x="4.5" y="4.5" width="7" height="7" rx="1.2" fill="currentColor" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.6" />
      <path d="M8 1.800v1.400M8 12.800v1.400M1.8 8h1.400M12.8 8h1.400M3.6 3.600l1 1M11.4 11.400l1 1M12.4 3.600l-1 1M4.6 11.400l-1 1" />
    </>
  ),
  switch: <path d="m5.5 6.2 2.5-2.5 2.5 2.500M5.5 9.8 8 12.300l2.5-2.5" />,
  system: (
    <>
      <rect x="2" y="3" width="12" height="8" rx="1.2" />
      <path d="M5.5 13.500h5M8 11v2.5" />
    </>
  ),
  trip: (
    <path d="M2 11.500V8.600l1.6-3.900c.2-.5.6-.7 1.1-.7h6.600c.5 0 .9.2 1.1.7L14 8.600v2.900zM2 8.500h12M4 11.500V13M12 11.500V13" />
  ),
  trash: <path d="M3 4.500h10M6.5 4.500V3h3v1.500M4.5 4.5 5 13h6l.5-8.500M7 7v3.500M9 7v3.5" />,
  undo: <path d="M3 6.500h6.500a3.5 3.5 0 0 1 0 7H6M3 6.500l3-3M3 6.500l3 3" />,
  wallet: (
    <>
      <rect x="2" y="4" width="12" height="9" rx="2" />
      <path d="M2 7h12M10.5 10h1.2" />
    </>
  ),
  warning: <path d="M8 2.3 14.3 13.300H1.700zM8 6.600v3M8 11.500v.1" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

/** Always beside a word, or inside something that has a spoken name. */
export function Icon({
  name,
  size = 16,
  className,
}: {
  name: IconName
  size?: 12 | 14 | 16 | 20 | 22
  className?: string
}) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth={size >= 20 ? 1.25 : size === 12 ? 1.9 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  )
}

export const iconNames = Object.keys(shapes) as IconName[]
