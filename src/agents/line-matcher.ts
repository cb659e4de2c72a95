import { FileAccessError } from './file-access.ts'

/**
 * Tells whether a line matches a pattern that a model wrote, without regard to case. Regular expressions run on RE2 (linear in the length of the
 * line): JavaScript's own could be made to run for hours by a pattern such as `(a+)+$`, in the process that holds every track.
 * Throws FileAccessError where the pattern can't be read.
 */
export async function lineMatcher(pattern: string, literal: boolean): Promise<(line: string) => boolean> {
  if (literal || !/[\\^$.*+?()[\]{}|]/.test(pattern)) {
    const wanted = pattern.toLowerCase()
    return (line) => line.toLowerCase().includes(wanted)
  }
  const { RE2JS } = await import('re2js')
  try {
    const expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
    return (line) => expression.matcher(line).find()
  } catch (error) {
    throw new FileAccessError(`The pattern can't be used: ${error instanceof Error ? error.message : String(error)}. Use RE2 syntax (no lookaround, no backreferences), or literal: true.`)
  }
}
