import { Command, Option } from 'commander'
import type { EventsOptions } from './commands/events.ts'
import type { ForecastCommandOptions } from './commands/forecast.ts'
import type { GraphOptions } from './commands/graph.ts'
import type { ImplementOptions } from './commands/implement.ts'
import type { PlanCommandOptions } from './commands/plan.ts'
import type { RecoverOptions } from './commands/recover.ts'
import type { ResetOptions } from './commands/reset.ts'
import type { InitOptions } from './commands/start.ts'
import { addTaskCommands } from './commands/task.ts'
import type { ImportOptions } from './commands/transfer.ts'
import type { Act, CommonOptions } from './shell.ts'

/**
 * The command line. Where the command that is `asked` for is known, it alone is defined: all of them take longer than `devteam status` should. Each
 * command's code is loaded when it is called.
 */
export function programOf(act: Act, version: string, asked: string | undefined): Command {
  const program = new Command('devteam')
    .description('Takes a project from a requirements document to merged, validated code on several parallel tracks of coding agents.')
    .version(version)
    .exitOverride().configureOutput({ outputError: (text, write) => write(text) }).showHelpAfterError('(devteam --help lists the commands)')
  const commandOf = (parent: Command) => (usage: string, description: string): Command => parent.command(usage).description(description).exitOverride()
    .option('--cwd <dir>', 'work in this folder instead of the current one').option('--json', 'print JSON instead of text')
  const command = commandOf(program)
  const agents = (on: Command): Command => on.option('--executor <name>', 'who does the work: simulated or anthropic').option('--model <tier=id...>', 'another model for a tier (haiku, sonnet, opus)')

  const definitions: Readonly<Record<string, () => unknown>> = {
    plan: () => agents(command('plan [tracks]', 'plan the tasks on parallel tracks, sliced into sprints'))
      .option('--describe <text>', 'make PRD and tasks from a description first').option('--from <path>', 'take a plan over from Task Master, Spec Kit, Backlog.md or Beads, or make PRD and tasks from a specification file first')
      .option('--export <format>', 'give the plan that is there to another program: taskmaster, mermaid (a Gantt chart), csv or msproject-xml').option('-o, --output <file>', 'write what is exported to this file')
      .option('--replan', 'plan only what is left of the plan in progress, from the task files as they are now').option('-y, --yes', 'replan without a question').option('--dry-run', 'show what replanning would change, and change nothing')
      .addOption(new Option('--what-if [change]', 'what would be if, and change nothing: tracks=4, strategy=balanced, TASK-004=12h, "without TASK-008->TASK-004", "split TASK-008"; without a change: an overview').preset('overview').argParser((text: string, before: readonly string[] | undefined) => [...before ?? [], text]))
      .option('--strategy <name>', 'component (keeps components whole) or balanced').option('--allow-idle-tracks', 'use more tracks than are worth running').option('--time-budget <ms>', 'end the search for a shorter plan after so many milliseconds')
      .action((tracks: string | undefined, options: PlanCommandOptions) => act(options, async (shell) => (await import('./commands/plan.ts')).planCommand(shell, tracks, options))),
    implement: () => agents(command('implement [track]', 'run tracks, a sprint or a task with agents'))
      .option('--sprint <all|id>', 'all (with a track number: that track), or the id of a sprint').option('--task <id>', 'one task')
      .option('--max-iterations <n>', 'attempts at a task before it fails').option('--max-cost <usd>', 'stop when the run has cost so much').option('--dry-run', 'say what would be done, and do nothing').option('--no-wait', 'do not wait for tracks that nobody runs')
      .action((track: string | undefined, options: ImplementOptions) => act(options, async (shell) => (await import('./commands/implement.ts')).implementCommand(shell, track, options))),
    status: () => command('status', 'how far the plan is').action((options: CommonOptions) => act(options, async (shell) => (await import('./commands/status.ts')).statusCommand(shell))),
    events: () => command('events', 'the audit log').option('--task <id>', 'of this task').option('--track <nn>', 'of this track').option('--type <type>', 'of this type').option('--limit <n>', 'the newest n')
      .action((options: EventsOptions) => act(options, async (shell) => (await import('./commands/events.ts')).eventsCommand(shell, options))),
    report: () => command('report', 'the completion report, or how far it is').action((options: CommonOptions) => act(options, async (shell) => (await import('./commands/report.ts')).reportCommand(shell))),
    forecast: () => command('forecast', 'how long the rest may take, as a range').option('--runs <n>', 'draws to make (1000)').option('--seed <n>', 'another seed, other draws').option('--model <tier=id...>', 'the models that the rest will be run with, where they are not those of the configuration')
      .action((options: ForecastCommandOptions) => act(options, async (shell) => (await import('./commands/forecast.ts')).forecastCommand(shell, options))),
    graph: () => command('graph', 'the plan as a picture or as text').option('--format <format>', 'svg, mermaid or dot', 'svg').option('--theme <theme>', 'light or dark', 'light').option('-o, --output <file>', 'write to this file')
      .action((options: GraphOptions) => act(options, async (shell) => (await import('./commands/graph.ts')).graphCommand(shell, options))),
    demo: () => command('demo [dir]', 'the sample project, planned and run with simulated agents').action((dir: string | undefined, options: CommonOptions) => act(options, async (shell) => (await import('./commands/start.ts')).demoCommand(shell, dir))),
    init: () => command('init [dir]', 'prepare a folder for DevTeam').option('--sample', 'put the sample project there')
      .action((dir: string | undefined, options: InitOptions) => act(options, async (shell) => (await import('./commands/start.ts')).initCommand(shell, dir, options))),
    task: () => addTaskCommands(commandOf(program.command('task').description('look at the tasks and change them').exitOverride()), act),
    reset: () => command('reset', 'make tasks pending again').option('--task <id>', 'one task').option('--track <nn>', 'one track').option('--all', 'the whole plan')
      .action((options: ResetOptions) => act(options, async (shell) => (await import('./commands/reset.ts')).resetCommand(shell, options))),
    recover: () => command('recover', 'repair the state after a crash or damage').option('--force', 'what other hosts and containers hold here is held by nobody')
      .action((options: RecoverOptions) => act(options, async (shell) => (await import('./commands/recover.ts')).recoverCommand(shell, options))),
    export: () => command('export [file]', 'the whole state as NDJSON, without secrets: to move it, or for a bug report').action((file: string | undefined, options: CommonOptions) => act(options, async (shell) => (await import('./commands/transfer.ts')).exportCommand(shell, file, version))),
    import: () => command('import <file>', 'take over a state that was exported').option('--replace', 'although there is a plan: it goes to .devteam/backup')
      .action((file: string, options: ImportOptions) => act(options, async (shell) => (await import('./commands/transfer.ts')).importCommand(shell, file, options))),
    doctor: () => command('doctor', 'what is well here, and what to do about the rest').action((options: CommonOptions) => act(options, async (shell) => (await import('./commands/doctor.ts')).doctorCommand(shell))),
  }
  const one = asked !== undefined && Object.hasOwn(definitions, asked) ? definitions[asked] : undefined
  if (one !== undefined) one()
  else for (const define of Object.values(definitions)) define()
  return program
}
