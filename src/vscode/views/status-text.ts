import type { ProjectState } from '../project.ts'

/** What the status bar says; undefined: there is nothing to say. */
export function statusText(state: ProjectState): { readonly text: string; readonly spoken: string } | undefined {
  if (state.kind === 'error') return { text: '$(warning) DevTeam', spoken: `DevTeam: ${state.message}` }
  if (state.kind !== 'planned') return undefined
  const { tasks, simulated, costUsd } = state.snapshot
  const count = (status: string): number => tasks.filter((task) => task.status === status).length
  const [done, running, failed] = [count('completed'), count('in_progress'), count('failed')]
  const cost = done === 0 && running === 0 ? undefined : `${costUsd === undefined ? 'cost unknown' : `$${costUsd.toFixed(2)}`}${simulated ? ' (simulated)' : ''}`
  const parts = [`DevTeam ${done}/${tasks.length} tasks`, running > 0 ? `${running} running` : undefined, failed > 0 ? `${failed} failed` : undefined, cost].filter((part) => part !== undefined)
  const icon = running > 0 ? 'sync~spin' : failed > 0 ? 'warning' : done === tasks.length ? 'pass' : 'circle-large-outline'
  return { text: `$(${icon}) ${parts.join(' · ')}`, spoken: parts.join(', ') }
}
