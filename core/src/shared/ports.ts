/** Clock, chance and identity come in as arguments, so that a test can hold them and a failure can be repeated. */
export interface Clock {
  now(): Date
}

export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number
}

export interface Ids {
  /** A new uuid v7: sorts by the time it was made. */
  next(): string
}
