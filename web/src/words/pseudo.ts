const accented: Readonly<Record<string, string>> = {
  a: 'á',
  b: 'ƀ',
  c: 'ç',
  d: 'đ',
  e: 'é',
  f: 'ƒ',
  g: 'ĝ',
  h: 'ĥ',
  i: 'í',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  m: 'ɱ',
  n: 'ñ',
  o: 'ó',
  p: 'þ',
  r: 'ř',
  s: 'š',
  t: 'ŧ',
  u: 'ú',
  v: 'ṽ',
  w: 'ŵ',
  x: 'ẋ',
  y: 'ý',
  z: 'ž',
  A: 'Á',
  C: 'Ç',
  D: 'Đ',
  E: 'É',
  G: 'Ĝ',
  H: 'Ĥ',
  I: 'Í',
  N: 'Ñ',
  O: 'Ó',
  S: 'Š',
  T: 'Ŧ',
  U: 'Ú',
  W: 'Ŵ',
  Y: 'Ý',
  Z: 'Ž',
}

/**
 * An ICU message with its letters accented and a third longer, its arguments and tags untouched. Text stands at an even
 * depth of braces, arguments at an odd one.
 */
export function pseudo(message: string): string {
  let depth = 0
  let inTag = false
  let letters = 0
  let shown = ''
  for (const character of message) {
    if (character === '{') depth++
    if (character === '}') depth--
    if (character === '<') inTag = true
    const isText = depth % 2 === 0 && !inTag
    if (character === '>') inTag = false
    if (isText && accented[character]) letters++
    shown += isText ? (accented[character] ?? character) : character
  }
  return `[${shown}${'~'.repeat(Math.ceil(letters / 3))}]`
}

export const pseudoWords = (words: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([key, message]) => [key, pseudo(message)]))
