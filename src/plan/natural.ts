const collator = new Intl.Collator('en', { numeric: true })

/** Orders ids as people count: TASK-9 before TASK-10. Ids that read the same (`T1`, `T01`) are ordered by their characters. */
export const compareIds = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
