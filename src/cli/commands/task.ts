import type { Command } from 'commander'
import type { Act, CommonOptions } from '../shell.ts'
import type { FieldOptions } from './task-fields.ts'

/** The subcommands of `devteam task`. `command` adds one, with the options that every command takes; its code is loaded when it is called. */
export function addTaskCommands(command: (usage: string, description: string) => Command, act: Act): void {
  const fields = (on: Command): Command => on
    .option('--hours <n>', 'estimated hours').option('--component <name>', 'part of the project, such as backend').option('--depends <id...>', 'tasks that must be done before')
    .option('--description <text>', 'what is to be done').option('--criterion <text...>', 'what the result is checked against; may be repeated')
    .option('--scope <glob...>', 'files that it may change').option('--low <n>', 'hours if all goes well').option('--high <n>', 'hours if much goes wrong')
    .option('--priority <level>', 'high, medium or low').option('--agent <role>', 'who shall do it, such as backend:api-developer-python').option('--feature <id>', 'the requirement of the PRD that it serves')

  command('list', 'the tasks').option('--component <name>', 'of this component')
    .action((options: CommonOptions & { component?: string }) => act(options, async (shell) => (await import('./task-show.ts')).listCommand(shell, options)))
  command('show <id>', 'one task with all that is known of it').action((id: string, options: CommonOptions) => act(options, async (shell) => (await import('./task-show.ts')).showCommand(shell, id)))
  fields(command('add <title>', 'add a task, under the next free id')).option('--id <id>', 'under this id instead')
    .action((title: string, options: FieldOptions) => act(options, async (shell) => (await import('./task-edit.ts')).addCommand(shell, title, options)))
  fields(command('edit <id>', 'change a task')).option('--title <text>', 'another title').option('--id <id>', 'another id')
    .option('--add-criterion <text...>', 'criteria besides those that are there').option('--remove-criterion <text...>', 'the text of a criterion, or its number in task show')
    .option('--no-depends', 'no dependencies').option('--no-description', 'no description').option('--no-criterion', 'no criteria').option('--no-scope', 'any files')
    .option('--no-estimate', 'neither low nor high').option('--no-agent', 'whoever fits').option('--no-feature', 'of no requirement')
    .addHelpText('after', '\n--criterion, --depends and --scope replace what is there. With --id the file gets another name, and dependencies follow.')
    .action((id: string, options: FieldOptions) => act(options, async (shell) => (await import('./task-edit.ts')).editCommand(shell, id, options)))
  command('remove <id...>', 'remove tasks').option('--reconnect', 'what depends on them depends on what they depended on').option('--drop', 'what depends on them no longer does')
    .action((ids: string[], options: CommonOptions & { reconnect?: boolean; drop?: boolean }) => act(options, async (shell) => (await import('./task-edit.ts')).removeCommand(shell, ids, options)))
  command('depend <id>', 'change what a task waits for').option('--on <id...>', 'it waits for these').option('--not-on <id...>', 'it does not wait for these')
    .action((id: string, options: CommonOptions & { on?: string[]; notOn?: string[] }) => act(options, async (shell) => (await import('./task-edit.ts')).dependCommand(shell, id, options)))
  command('split <id>', 'make several tasks of one').requiredOption('--into <title:hours...>', 'the parts, such as "Login page:5" "Reset page:3"; parts without hours share the rest')
    .option('--parallel', 'the parts do not wait for one another').option('--criteria <numbers...>', 'for each part the numbers of its criteria, such as 1,2 3 (0: none)')
    .addHelpText('after', `
The first part keeps the id, the others get the next free ones. Each part waits for the one before it; what waited for the task waits for the last part
then, with --parallel for all of them. Description, component, scope, priority, agent and requirement go to all parts. The criteria go to the last part,
unless --criteria deals them out; parallel parts need it.`)
    .action((id: string, options: CommonOptions & { into: string[]; parallel?: boolean; criteria?: string[] }) => act(options, async (shell) => (await import('./task-edit.ts')).splitCommand(shell, id, options)))
}
