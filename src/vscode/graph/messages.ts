import type { ToHost } from '../protocol.ts'

const types: readonly string[] = ['ready', 'select', 'run', 'openTask', 'command', 'export'] satisfies ToHost['type'][]

/** Is it a message of the page, whole? A webview is a border like a file: what comes in is looked at before it is believed. */
export function isFromPage(message: unknown): message is ToHost {
  if (typeof message !== 'object' || message === null || !('type' in message) || typeof message.type !== 'string' || !types.includes(message.type)) return false
  const field = (name: string): unknown => Reflect.get(message, name)
  switch (message.type as ToHost['type']) {
    case 'ready': return true
    case 'select': return field('task') === undefined || typeof field('task') === 'string'
    case 'run': case 'openTask': return typeof field('task') === 'string'
    case 'command': return ['plan', 'openSample', 'retry'].includes(String(field('command')))
    case 'export': return (field('format') === 'svg' || field('format') === 'png') && typeof field('content') === 'string'
  }
}
