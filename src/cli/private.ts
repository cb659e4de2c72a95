import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { redact } from '../agents/redact.ts'

/** Names of variables whose values are secrets. */
const secretName = /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|AUTH/i
/** Shorter values are words that stand anywhere. */
const shortestSecret = 8

/** What an exported state must not tell of this machine: one function for texts, one for the names of hosts. Done twice they change nothing more. */
export interface Privacy { readonly clean: (text: string) => string; readonly host: (name: string) => string }

/**
 * Takes out of texts what has the shape of a key, what this environment and the workspace's `.env` files call one, and the folders of this machine: the workspace becomes `.`, the home folder
 * `~`, other people's homes `/home/user`. A host becomes `host-1`, `host-2`, ... in the order of appearance.
 */
export function privacyOf(root: string, env: NodeJS.ProcessEnv): Privacy {
  const secrets = [...secretsIn(Object.entries(env)), ...environmentFiles(root).flatMap((file) => secretsIn(variables(fs.readFileSync(file, 'utf8'))))]
    .sort((a, b) => b.length - a.length)
  const folders = [...folderNames(root).map((folder) => [whole(folder), '.'] as const), ...folderNames(os.homedir()).map((folder) => [whole(folder), '~'] as const)]
  const hosts = new Map<string, string>()
  const host = (name: string): string => {
    const known = hosts.get(name) ?? (/^host-\d+$/.test(name) ? name : `host-${hosts.size + 1}`)
    hosts.set(name, known)
    return known
  }
  const clean = (text: string): string => {
    let result = redact(text, secrets)
    for (const [folder, instead] of folders) result = result.replace(folder, instead)
    return result
      .replace(/(\/home|\/Users)\/[^/\s:"'`]+/g, '$1/user').replace(/([A-Za-z]:\\Users\\)[^\\\s:"'`]+/g, '$1user')
      .replace(/\b(process \d+ on )([\w.-]*\w)/g, (_found, before: string, name: string) => `${before}${host(name)}`)
  }
  return { clean, host }
}

const secretsIn = (variables: readonly (readonly [string, string | undefined])[]): string[] =>
  variables.flatMap(([name, value]) => (value !== undefined && secretName.test(name) && value.length >= shortestSecret && !isPath(value) ? [value] : []))

/** `SSH_AUTH_SOCK` and `XAUTHORITY` are places, not secrets. */
const isPath = (value: string): boolean => path.isAbsolute(value)

const environmentFiles = (root: string): string[] => fs.readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() && /^\.env(\..+)?$/.test(entry.name) ? [path.join(root, entry.name)] : []))

function variables(text: string): [string, string][] {
  return [...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/gm)].map(([, name = '', value = '']) => [name, value.replace(/^(["'])(.*)\1$/, '$2')])
}

/** As it is named, and as the system resolves it; too short a one, as `/`, is in every path. */
function folderNames(folder: string): string[] {
  const names = fs.existsSync(folder) ? [folder, fs.realpathSync(folder)] : [folder]
  return [...new Set(names)].filter((name) => name.length > 3)
}

/** The folder where a path begins with it, not where it is the beginning of another name. */
const whole = (folder: string): RegExp => new RegExp(`(?<![\\w/.])${folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'g')
