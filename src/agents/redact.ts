/** Shapes of keys, each with the part that is kept so that a reader can see what was there. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z0-9 ]*PRIVATE KEY[A-Z ]*)-----[\s\S]*?(?:-----END \1-----|$)/g, '[redacted private key]'],
  [/\bsk-ant-[A-Za-z0-9_-]{8,}/g, '[redacted Anthropic key]'],
  [/\bsk-(?:proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,}/g, '[redacted key]'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, '[redacted AWS key id]'],
  [/\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,}\b/g, '[redacted GitHub token]'],
  [/\bgithub_pat_[A-Za-z0-9_]{22,}/g, '[redacted GitHub token]'],
  [/\bglpat-[A-Za-z0-9_-]{20,}/g, '[redacted GitLab token]'],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, '[redacted Slack token]'],
  [/\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}/g, '[redacted Stripe key]'],
  [/\bAIza[A-Za-z0-9_-]{35}/g, '[redacted Google key]'],
  [/\bnpm_[A-Za-z0-9]{36}\b/g, '[redacted npm token]'],
  [/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g, '[redacted JSON web token]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]+:)[^\s@/'"]{3,}(@)/gi, '$1[redacted]$2'],
  [/\b((?:authorization|proxy-authorization)\s*[:=]\s*(?:bearer|basic|token)\s+)[A-Za-z0-9._~+/=-]{12,}/gi, '$1[redacted]'],
  [/\b(x-api-key\s*[:=]\s*["']?)[A-Za-z0-9._~+/=-]{12,}/gi, '$1[redacted]'],
]

/**
 * Takes keys out of text that goes to a log, an event, a report or a prompt. `secrets` are the values this process holds itself (the API key
 * in use), whatever they look like. Line breaks outside of private keys are kept, so that line numbers stay true.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text
  for (const secret of secrets) if (secret.length >= 6) clean = clean.replaceAll(secret, '[redacted]')
  for (const [shape, instead] of shapes) clean = clean.replace(shape, (found: string, ...rest: unknown[]) => keepLines(found, fill(instead, rest)))
  return clean
}

/** The values of an `.env` file, hidden: a password there has no shape of its own. */
export const redactEnvironment = (text: string): string => text.replace(/^(\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*)\S.*$/gm, '$1[redacted]')

const fill = (template: string, groups: readonly unknown[]): string => template.replace(/\$(\d)/g, (_, digit: string) => {
  const group = groups[Number(digit) - 1]
  return typeof group === 'string' ? group : ''
})
const keepLines = (found: string, instead: string): string => instead + '\n'.repeat(found.split('\n').length - instead.split('\n').length)
