interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/** All rows of a list that comes page by page, for where a part of it would mislead. */
export async function everyPage<Row>(read: (cursor: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const found: Row[] = []
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    found.push(...page.rows)
    cursor = page.next ?? undefined
  } while (cursor)
  return found
}
