import type { Tokens } from '../contract/contract.ts'

export interface StoredTokens extends Tokens {
  /** By our own clock, when the answer arrived. */
  readonly receivedAt: Date
}

/** One row of tokens per connection. Whoever renews holds the row's lock and reads again inside it. */
export interface TokenStore {
  read(): Promise<StoredTokens | undefined>
  /** Runs `work` while no other holder can; what it wrote is kept even when it throws afterwards. */
  locked<T>(work: (row: LockedTokens) => Promise<T>): Promise<T>
}

export interface LockedTokens {
  read(): Promise<StoredTokens | undefined>
  write(tokens: StoredTokens): Promise<void>
  /** Access is gone: only a person can bring it back. */
  forget(): Promise<void>
}

/** A token store in memory, with the lock of a database row. */
export class MemoryTokenStore implements TokenStore {
  #tokens: StoredTokens | undefined
  #tail: Promise<unknown> = Promise.resolve()
  /** Everything that was ever stored: what must stand in no log. */
  readonly written: StoredTokens[] = []

  constructor(tokens?: StoredTokens) {
    this.#tokens = tokens
  }

  /** What is stored at this very moment. */
  get stored(): StoredTokens | undefined {
    return this.#tokens
  }

  async read(): Promise<StoredTokens | undefined> {
    return this.#tokens
  }

  locked<T>(work: (row: LockedTokens) => Promise<T>): Promise<T> {
    const turn = this.#tail.then(() =>
      work({
        read: async () => this.#tokens,
        write: async (tokens) => {
          this.#tokens = tokens
          this.written.push(tokens)
        },
        forget: async () => {
          this.#tokens = undefined
        },
      }),
    )
    this.#tail = turn.catch(() => undefined)
    return turn
  }
}
