const collator = new Intl.Collator('en', { numeric: true })

/** Orders ids as people count: TASK-9 before TASK-10. Ids that read the same (`T1`, `T01`) are ordered by their characters. */
export const compareIds = (a: string, b: string): number => compareNumbers(a, b) || collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)

/** What the collator would say where two ids first differ in a number, which is nearly always, in a tenth of its time; else 0. */
function compareNumbers(a: string, b: string): number {
  let same = 0
  while (same < a.length && a.charCodeAt(same) === b.charCodeAt(same)) same++
  while (same > 0 && isDigit(a.charCodeAt(same - 1))) same--
  return numberAt(a, same) - numberAt(b, same) || 0
}

/** NaN where there is none, or one that a double does not hold. */
function numberAt(text: string, from: number): number {
  let [number, end] = [0, from]
  for (; isDigit(text.charCodeAt(end)); end++) number = number * 10 + text.charCodeAt(end) - 48
  return end === from || number > Number.MAX_SAFE_INTEGER ? NaN : number
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57
