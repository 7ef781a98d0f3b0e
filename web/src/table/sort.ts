/** By which column the server sorts. */
export interface Sort {
  readonly key: string
  readonly descending: boolean
}

/** In an address: `date`, or `-date` for the last first. */
export const sortText = ({ key, descending }: Sort): string => (descending ? `-${key}` : key)

export const sortOf = (text: string): Sort => ({ key: text.replace('-', ''), descending: text.startsWith('-') })
