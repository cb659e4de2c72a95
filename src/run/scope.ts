import picomatch from 'picomatch'

/** The files that none of the task's patterns allows. Without patterns a task may change any file. */
export function outsideScope(files: readonly string[], allowedPatterns: readonly string[]): string[] {
  if (allowedPatterns.length === 0) return []
  const allowed = picomatch([...allowedPatterns], { dot: true })
  return files.filter((file) => !allowed(file))
}
