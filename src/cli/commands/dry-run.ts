import type { Roles } from '../../agents/roles.ts'
import { readTasks } from '../../plan/files/read.ts'
import { capitalized, counted } from '../../report/format.ts'
import { detectGates } from '../../run/gates.ts'
import type { Config } from '../../run/config.ts'
import { targetsOf, type Selection, type Target } from '../../run/run-project.ts'
import type { TaskRow } from '../../state/rows.ts'
import { printJson, type Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

/** `devteam implement ... --dry-run`: what would be done, by whom and under which gates. Nothing is written, no agent is called. */
export function dryRun(shell: Shell, selection: Selection, config: Config, roles: Roles): Promise<number> {
  return withState(shell, async (state) => {
    const snapshot = await planOf(state)
    const targets = targetsOf(snapshot, selection)
    const files = new Map((await readTasks(shell.cwd)).map((task) => [task.id, task]))
    const gates = config.gates ?? await detectGates(shell.cwd)
    const open = snapshot.tasks.filter((task) => task.status !== 'completed' && targets.some((target) => within(task, target))).sort((a, b) => a.track.localeCompare(b.track) || a.position - b.position)
    const work = open.map((row) => {
      const task = files.get(row.id)
      return { task: row.id, title: row.title, track: row.track, sprint: row.sprint, roles: task === undefined ? [] : roles.forTask(task).map((role) => ({ role: role.name, tier: role.tier })) }
    })
    if (shell.json) {
      printJson(shell, { tasks: work, gates: gates.map(({ name, command }) => ({ name, command })) })
      return 0
    }
    shell.out(`${counted(work.length, 'task')} would be worked on${work.length === 0 ? '' : ':'}\n`)
    let sprint = ''
    for (const each of work) {
      if (each.sprint !== sprint) shell.out(`\n${each.sprint}\n`)
      sprint = each.sprint
      shell.out(`  ${each.task} - ${each.title}: ${each.roles.map(({ role, tier }) => `${role} (${capitalized(tier)})`).join(', ')}\n`)
    }
    shell.out(`\nGates after every attempt: ${gates.length === 0 ? 'none' : gates.map(({ name, command }) => `${name} (${command})`).join(', ')}\nNothing was changed.\n`)
    return 0
  })
}

const within = (task: TaskRow, { track, part }: Target): boolean =>
  task.track === track && (part.sprint === undefined || task.sprint === part.sprint) && (part.task === undefined || task.id === part.task)
