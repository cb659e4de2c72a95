import { chance } from './random.ts'

const mostWords = 8

/** Words of a title: `Login/registration UI` -> login, registration, ui. What they leave out (other scripts, a long end) goes into a number, so that names stay apart. */
function wordsOf(text: string): string[] {
  const words = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().match(/[a-z0-9]+/g) ?? []
  const whole = words.length > 0 && words.length <= mostWords && !/[^\p{ASCII}\p{Script=Latin}\p{P}\p{S}\p{Z}\p{M}]/u.test(text)
  return whole ? words : [...(words.length === 0 ? ['item'] : words.slice(0, mostWords)), String(Math.floor(chance(text) * 1_000_000))]
}

export const kebab = (text: string): string => wordsOf(text).join('-')
export const snake = (text: string): string => { const name = wordsOf(text).join('_'); return /^\d/.test(name) ? `n${name}` : name }
export const pascal = (text: string): string => { const name = wordsOf(text).map(capital).join(''); return /^\d/.test(name) ? `N${name}` : name }
export const camel = (text: string): string => { const name = pascal(text); return name.charAt(0).toLowerCase() + name.slice(1) }
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
/** In mid sentence: `Password reset` -> `password reset`, but `API image` stays. */
export const midSentence = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text)
/** The thing without what it is made as: `User authentication API` -> `user-authentication`. */
export const resource = (title: string): string => kebab(title.replace(/\s+(?:api|ui|service|endpoints?)$/i, ''))
/** Text that can stand in a one-line comment or a string of any language: no line break, no quote, no comment end. */
export const plain = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ').replaceAll(/["'`\\]/g, '').replaceAll('*/', '* /').replaceAll('${', '$ {').trim()
