import styles from './frame.module.css'

/** The clock face. */
export const Mark = () => (
  <svg className={styles.mark} viewBox="0 0 20 20" aria-hidden="true">
    <circle cx="10" cy="10" r="8.8" fill="currentColor" />
    <path
      d="M10 5v5l3.3 2"
      fill="none"
      stroke="var(--canvas)"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)
