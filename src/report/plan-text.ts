import { paysAgain } from '../plan/pays-again.ts'
import type { Chain, Plan } from '../plan/plan.ts'
import type { Task } from '../plan/task.ts'
import { counted, hours, idList } from './format.ts'

/** Longer lists are cut and say how many more there are. */
const most = { chains: 20, chainTasks: 12, ids: 30, antichain: 12, points: 12, waits: 4 }
const fewTasks = 10

/** What `devteam plan` says first: the analysis. Every number is the plan's. */
export function analysisText(plan: Plan, tasks: readonly Task[]): string {
  return [
    'Task Analysis Complete!',
    '',
    `Planned ${counted(plan.tasks, 'task')} in docs/planning/tasks/`,
    '',
    'Dependency Analysis:',
    ...chainLines(plan),
    '',
    `Critical Path: ${criticalText(plan)} - ${hoursText(plan.criticalPath.hours)}`,
    '',
    `Maximum Parallel Development Tracks: ${plan.maxTracks}`,
    '',
    'Reasoning:',
    ...reasons(plan, tasks).map((reason) => `- ${reason}`),
    '',
    `Recommendation: devteam plan ${plan.recommendedTracks}${plan.strategy === 'balanced' ? ' --strategy balanced' : ''}`,
  ].join('\n')
}

function chainLines({ chains, independent }: Plan): string[] {
  const long = chains.filter((chain) => chain.tasks.length > 1)
  const single = chains.filter((chain) => chain.tasks.length === 1)
  const lines = long.slice(0, most.chains).map((chain, i) => `  Chain ${i + 1} (${chain.name}): ${path(chain.tasks)} (${hoursText(chain.hours)})`)
  if (long.length > most.chains) lines.push(`  ... and ${counted(long.length - most.chains, 'chain')} more`)
  if (single.length > 0) lines.push(`  Beside the chains: ${idList(single.flatMap((chain) => chain.tasks), most.ids)} (${hoursText(single.reduce((sum, chain) => sum + chain.hours, 0))})`)
  if (independent.tasks.length > 0) lines.push(`  Independent: ${idList(independent.tasks, most.ids)} (${hoursText(independent.hours)})`)
  return lines
}

function criticalText({ chains, criticalPath }: Plan): string {
  const number = chains.findIndex((chain) => chain.tasks.length > 1 && chain.tasks.length === criticalPath.tasks.length && chain.tasks.every((task, i) => task === criticalPath.tasks[i]))
  const chain = chains[number]
  return chain === undefined ? path(criticalPath.tasks) : `Chain ${number + 1} (${chain.name})`
}

function reasons(plan: Plan, tasks: readonly Task[]): string[] {
  const long = plan.chains.filter((chain) => chain.tasks.length > 1)
  const lines = [
    long.length === 0 ? 'No task depends on another' : `${counted(long.length, areApart(plan.chains, tasks) ? 'independent dependency chain' : 'dependency chain')} ${long.length === 1 ? 'exists' : 'exist'}`,
    plan.width === 1 ? 'No two tasks can run at once: each waits for the one before' : `At peak, ${counted(plan.width, 'task')} can run simultaneously: ${idList(plan.widthTasks, most.antichain)}${peakConflictText(plan)}`,
    ...otherCriticalText(plan),
    "Each task's slack is in docs/planning/TASK_SUMMARY.md",
    ...pointsText(plan),
    curveText(plan),
    ...strategyText(plan, new Set(tasks.map((task) => task.component)).size),
    ...adviceText(plan),
  ]
  const conflicts = plan.conflicts.length
  if (conflicts > 0) lines.push(`${counted(conflicts, 'group')} of tasks may change the same files and have no order by dependencies (listed below)`)
  return lines
}

/** The width counts dependencies only. */
function peakConflictText({ widthTasks, conflicts }: Plan): string {
  const atPeak = new Set(widthTasks)
  const together = conflicts.map(({ tasks }) => tasks.filter((task) => atPeak.has(task))).find((tasks) => tasks.length > 1)
  return together === undefined ? '' : ` (by their dependencies; ${idList(together, most.antichain)} may change the same files, and don't run at once)`
}

function otherCriticalText({ schedule }: Plan): string[] {
  const others = schedule.filter(({ slack, critical }) => slack === 0 && !critical).map(({ task }) => task)
  return others.length === 0 ? [] : [`Other tasks without slack, on a path as long as the critical one: ${idList(others, most.antichain)}`]
}

/** Past the useful number and its next one only the points that are shorter than the one before. */
function pointsText({ curve, maxTracks }: Plan): string[] {
  const [last, least] = [curve.at(-1), curve.find(({ hours: found }) => found === curve.at(-1)?.hours)]
  if (last === undefined || least === undefined || least.tracks === 1) return []
  const points = curve.filter(({ tracks, hours: found }, i) => tracks <= least.tracks && (tracks <= maxTracks + 1 || found < (curve[i - 1]?.hours ?? Infinity)))
  const shown = points.slice(0, most.points).map(({ tracks, hours: found }) => `${hours(found)} on ${tracks === 1 ? '1 track' : tracks}`)
  const rest = points.length > most.points ? `, ... ${hours(least.hours)} on ${least.tracks}` : ''
  return [`Hours by number of tracks, at best: ${shown.join(', ')}${rest}${last.tracks > least.tracks ? `, no less on up to ${last.tracks}` : ''}`]
}

/** Does no dependency lead from one chain to another? */
function areApart(chains: readonly Chain[], tasks: readonly Task[]): boolean {
  const chainOf = new Map(chains.flatMap((chain, i) => chain.tasks.map((id) => [id, i] as const)))
  return tasks.every((task) => task.dependencies.every((id) => chainOf.get(id) === chainOf.get(task.id)))
}

function curveText({ curve, maxTracks, criticalPath, width }: Plan): string {
  const [here, next] = [curve.find((point) => point.tracks === maxTracks), curve.find((point) => point.tracks === maxTracks + 1)]
  if (here === undefined) return ''
  const found = `The best schedule found on ${counted(maxTracks, 'track')} takes ${hoursText(here.hours)}`
  if (here.hours <= criticalPath.hours) return `${found}, as long as the critical path: another track can't shorten it`
  // What else ends the curve: nothing could run on another track, or what conflicts prove is reached.
  if (next === undefined) return maxTracks >= width ? found : `${found}; another track can't shorten it, since tasks that may change the same files take turns`
  const saved = here.hours - next.hours
  const share = Math.floor((1000 * saved) / here.hours) / 10 // 4.98 is less than 5
  const first = saved <= 0 ? `${found}; another track would save nothing` : `${found}; another track would save ${hoursText(saved)} (${share}%, less than 5% is not worth a track)`
  const later = paysAgain(curve, here)
  return later === undefined ? first : `${first}, though ${later.tracks} tracks would take ${hoursText(later.hours)} (--allow-idle-tracks)`
}

function strategyText({ strategy, curve, usedTracks, makespanHours, lowerBoundHours }: Plan, components: number): string[] {
  const best = curve.find((point) => point.tracks === usedTracks)?.hours ?? curve.at(-1)?.hours
  if (best === undefined || usedTracks === 1) return []
  const proof = (length: number): string => (length === lowerBoundHours ? ' (proven optimal)' : ` (at least ${hoursText(lowerBoundHours)} are needed)`)
  if (strategy === 'balanced') return [`\`balanced\` takes ${hoursText(makespanHours)} on ${counted(usedTracks, 'track')}${proof(makespanHours)}`]
  const own = `\`component\` ${components < usedTracks ? 'splits components no more than it has to' : 'keeps components whole'} and takes ${hoursText(makespanHours)} on ${counted(usedTracks, 'track')}`
  return [makespanHours === best ? `${own}${proof(best)}` : `${own}; \`balanced\` would take ${hoursText(best)}${proof(best)}`]
}

function adviceText({ tasks, recommendedTracks, maxTracks, totalHours, curve }: Plan): string[] {
  if (recommendedTracks > 1 || maxTracks === 1) return []
  const best = curve.reduce((least, point) => Math.min(least, point.hours), totalHours)
  if (tasks < fewTasks) return [`A single track is recommended: with fewer than ${fewTasks} tasks it is simpler, though ${counted(maxTracks, 'track')} could finish in ${hoursText(curve.find((point) => point.tracks === maxTracks)?.hours ?? best)}`]
  return [`A single track is recommended: it takes ${hoursText(totalHours)}, within 10% of the best schedule found (${hoursText(best)}), and needs no coordination`]
}

/** What `devteam plan` says next: the sprints, and how to run them. */
export function sprintPlanText(plan: Plan, tasks: readonly Task[]): string {
  const titles = new Map(tasks.map((task) => [task.id, task.title]))
  return [
    'Sprint Planning Complete!',
    '',
    'Parallel Development Configuration:',
    `- Requested tracks: ${plan.requestedTracks}`,
    `- Max possible tracks: ${plan.maxTracks}`,
    `- Using: ${counted(plan.usedTracks, 'track')}`,
    ...(plan.warnings.length === 0 ? [] : ['', ...plan.warnings.map((warning) => `⚠️ ${warning}`)]),
    '',
    'Track Distribution:',
    ...plan.tracks.flatMap((track, i) => [
      '',
      `Track ${i + 1} (${track.name}):`,
      `  Total: ${counted(track.tasks.length, 'task')}, ${hoursText(track.hours)} across ${counted(track.sprints.length, 'sprint')}`,
      ...track.sprints.flatMap((sprint) => [
        `  - ${sprint.id}: ${sprint.name} (${counted(sprint.tasks.length, 'task')}, ${hoursText(sprint.hours)})`,
        ...sprint.tasks.map((id) => `    * ${id}: ${titles.get(id) ?? ''}`),
      ]),
    ]),
    ...crossTrackLines(plan),
    ...conflictLines(plan),
    ...idleLines(plan),
    '',
    `Total: ${counted(plan.tasks, 'task')}, ~${hoursText(plan.totalHours)} development`,
    `Parallel execution time: ~${hoursText(plan.makespanHours)} (vs ${hours(plan.totalHours)} sequential)`,
    `Time savings: ${plan.timeSavedPercent}%`,
    '',
    'State tracking initialized in SQLite at: .devteam/devteam.db',
    '',
    'Ready to execute:',
    ...commandLines(plan),
  ].join('\n')
}

function crossTrackLines({ crossTrackDependencies }: Plan): string[] {
  if (crossTrackDependencies.length === 0) return []
  const shown = crossTrackDependencies.slice(0, most.chains).map(({ task, dependsOn }) => `  ${task} waits for ${dependsOn}`)
  return ['', 'Dependencies between tracks:', ...shown, ...(crossTrackDependencies.length > most.chains ? [`  ... and ${crossTrackDependencies.length - most.chains} more`] : [])]
}

function conflictLines({ conflicts }: Plan): string[] {
  if (conflicts.length === 0) return []
  const shown = conflicts.slice(0, most.chains).map(({ tasks, patterns, resolved }) => `  ${idList(tasks, most.antichain)} may change ${patterns.slice(0, 4).join(', ')}: ${resolved === 'same track' ? 'on the same track' : 'one after another in this order'}`)
  return ['', 'Conflicts:', ...shown, ...(conflicts.length > most.chains ? [`  ... and ${conflicts.length - most.chains} more`] : [])]
}

function idleLines({ tracks }: Plan): string[] {
  const idle = tracks.flatMap(({ name, idleHours = 0, waits = [] }, i): string[] => {
    if (idleHours <= 0) return []
    const parts = waits.slice(0, most.waits).map(({ task, hours: waited, waitsFor }) => `${hours(waited)} before ${task}${waitsFor === undefined ? '' : `, which waits for ${waitsFor}`}`)
    if (waits.length > most.waits) parts.push(`${waits.length - most.waits} more waits`)
    const atEnd = idleHours - waits.reduce((sum, wait) => sum + wait.hours, 0)
    if (atEnd > 0.005) parts.push(`${hours(atEnd)} at the end`)
    return [`  Track ${i + 1} (${name}): ${hoursText(idleHours)} (${parts.join('; ')})`]
  })
  return idle.length === 0 ? [] : ['', 'Idle Time:', ...idle.slice(0, most.chains), ...(idle.length > most.chains ? [`  ... and ${counted(idle.length - most.chains, 'track')} more`] : [])]
}

function commandLines({ tracks }: Plan): string[] {
  const all = 'devteam implement --sprint all'
  if (tracks.length === 1) return [`  ${all}`]
  return [
    'Option 1 - All tracks from one terminal:', `  ${all}`, '',
    'Option 2 - Specific track:', ...tracks.map(({ id }, i) => `  ${all} ${id}    (Track ${i + 1} only)`), '',
    'Option 3 - Parallel execution (multiple terminals):', ...tracks.map(({ id }, i) => `  Terminal ${i + 1}: ${all} ${id}`),
  ]
}

const hoursText = (n: number): string => `${hours(n)} ${hours(n) === '1' ? 'hour' : 'hours'}`
const path = (ids: readonly string[]): string => (ids.length <= most.chainTasks ? ids.join(' → ') : `${ids.slice(0, most.chainTasks - 2).join(' → ')} → ... ${ids.length - most.chainTasks + 1} more ... → ${ids.at(-1) ?? ''}`)
