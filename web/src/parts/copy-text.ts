/**
 * Copies text; where the browser does not let a page do that (plain http on a network), it is selected in `shown`, so
 * that Ctrl C copies it. Says whether it was copied.
 */
export async function copyText(text: string, shown: Element | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown)
    return false
  }
}
