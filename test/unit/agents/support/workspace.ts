import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { briefBlock } from '../../../../src/agents/brief-block.ts'
import type { Brief, BriefSubject, Role } from '../../../../src/agents/executor.ts'
import { modelIds } from '../../../../src/agents/models.ts'
import { loadRoles, type Roles } from '../../../../src/agents/roles.ts'

export const mediaRoles = path.resolve('media/roles')

/** A fresh folder with these files; removed by `remove`. */
export class Workspace {
  readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'devteam-agents-')))
  constructor(files: Readonly<Record<string, string>> = {}) { for (const [name, text] of Object.entries(files)) this.write(name, text) }
  write(name: string, text: string): void {
    const full = path.join(this.root, name)
    fs.mkdirSync(path.dirname(full), { recursive: true })
    fs.writeFileSync(full, text)
  }
  read(name: string): string { return fs.readFileSync(path.join(this.root, name), 'utf8') }
  has(name: string): boolean { return fs.existsSync(path.join(this.root, name)) }
  path(name: string): string { return path.join(this.root, name) }
  roles(): Promise<Roles> { return loadRoles(mediaRoles, this.root) }
  remove(): void { fs.rmSync(this.root, { recursive: true, force: true }) }
}

export const briefFor = (role: Role, subject: BriefSubject, more: { outputSchema?: Readonly<Record<string, unknown>>; intro?: string } = {}): Brief => ({
  role, tier: role.tier, model: modelIds[role.tier], prompt: `${more.intro ?? 'Do what the brief says.'}\n\n${briefBlock(subject)}`, subject, ...(more.outputSchema === undefined ? {} : { outputSchema: more.outputSchema }),
})
