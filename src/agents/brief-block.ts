import type { BriefSubject } from './executor.ts'

/** The facts of a brief as a labelled block for its prompt. No text inside can close the block: `<` is escaped as JSON allows. */
export const briefBlock = (subject: BriefSubject): string => `<brief>${JSON.stringify(subject).replaceAll('<', '\\u003c')}</brief>`

/** The facts in a prompt's last block; undefined: there is none. */
export function subjectIn(prompt: string): BriefSubject | undefined {
  const start = prompt.lastIndexOf('<brief>')
  const end = prompt.lastIndexOf('</brief>')
  if (start < 0 || end < start) return undefined
  return JSON.parse(prompt.slice(start + '<brief>'.length, end)) as BriefSubject
}
