import { fewestPredicted, mostPredicted, type BackTest, type Verdict } from '../plan/forecast/calibration-back-test.ts'
import type { Basis, Ratio } from '../plan/forecast/calibration.ts'
import type { LeftForecast } from '../plan/forecast/forecast-left.ts'
import type { HoursForecast } from '../plan/forecast/forecast.ts'
import type { AgentForecast, ForecastReport } from './forecast.ts'
import { counted, duration, hours as exactHours } from './format.ts'

/** Longer lists are cut and say how many more there are. */
const most = { critical: 8, ratios: 8 }

/** What `devteam plan` adds where tasks have low and high estimates. */
export const planForecastText = (forecast: HoursForecast): string => ['Forecast (estimated hours):', ...hoursLines(forecast)].join('\n')

/** What `devteam forecast` prints. */
export function forecastText(report: ForecastReport): string {
  const { tasks, completed, running, stuck, agents } = report
  const lines = [`Forecast: ${completed}/${tasks} tasks completed${running.length > 0 ? `, ${running.length} running` : ''}`]
  if (completed < tasks) lines.push('', ...estimateLines(report))
  if (stuck.length > 0) lines.push('', `⚠️ ${listed(stuck)} failed or blocked: counted as still to be done`)
  if (agents.length === 0) lines.push('', 'No task has been measured yet: the time of agents is forecast once some are completed.')
  for (const agent of agents) lines.push('', ...agentLines(agent, report))
  return lines.join('\n')
}

function estimateLines({ tracks, openHours, makespanHours, hours: forecast, running }: ForecastReport): string[] {
  const planned = [
    `  ${hours(makespanHours)} hours on ${counted(tracks, 'track')} if each task takes its estimate (${hours(openHours)} hours of work)`,
    ...(running.length === 0 ? [] : [`  What is running counts with all its hours: ${listed(running)}`]),
  ]
  if (forecast !== null) return ['What is left, in estimated hours:', ...planned, ...hoursLines(forecast)]
  return ['What is left, in estimated hours:', ...planned, '  No range: give tasks a low and a high estimate, `devteam task edit ID --low HOURS --high HOURS`']
}

function hoursLines({ p50Hours, p80Hours, p95Hours, plannedHours, withinPlanned, withoutSpread, tasks, criticality, runs }: HoursForecast): string[] {
  return [
    `  50%: within ${hours(p50Hours)} hours, 80%: within ${hours(p80Hours)}, 95%: within ${hours(p95Hours)}`,
    `  ${percent(withinPlanned)} chance to be done within the planned ${hours(plannedHours)} hours`,
    ...(withoutSpread === 0 ? [] : [`  ${withoutSpread} of ${counted(tasks, 'task')} ${withoutSpread === 1 ? 'has' : 'have'} no low and high and ${withoutSpread === 1 ? 'counts' : 'count'} as certain: the true range is wider`]),
    `  Critical most often: ${criticalText(criticality)}`,
    `  (${runs} draws of each task between low, likely and high; tracks and order kept)`,
    ...(tasks < 2 ? [] : ['  Each task is drawn by itself; overruns that have one cause come together and make the true range wider']),
  ]
}

function criticalText(criticality: readonly { readonly task: string; readonly share: number }[]): string {
  const often = criticality.filter(({ share }) => share >= 0.005).sort((a, b) => b.share - a.share)
  const shown = often.slice(0, most.critical).map(({ task, share }) => `${task} ${percent(share)}`).join(', ')
  return often.length > most.critical ? `${shown} and ${often.length - most.critical} more` : shown
}

function agentLines({ simulated, measuredTasks, outsideMinutes, calibration, left, backTest }: AgentForecast, { fewestMeasured }: ForecastReport): string[] {
  const mark = simulated ? ' (simulated)' : ''
  if (calibration === undefined) return [`Measured${mark}: ${counted(measuredTasks, 'task')}, too few to say how long agents take: it needs ${fewestMeasured}.`]
  const { minutesPerHour, factor, components, agents } = calibration
  return [
    `Measured${mark}: ${counted(measuredTasks, 'task')}, ${rate(minutesPerHour)} of an agent for each estimated hour (4 of 5 tasks within a factor of ${factor.toFixed(1)})`,
    '  A task\'s time goes from its start to its commit: design, code, tests, checks and validation, with every attempt until it passed.',
    `  Not in it: waiting for other tracks; tasks that failed and runs that were stopped; reviews, mending and documentation after the tasks${outsideMinutes > 0 ? ` (${time(outsideMinutes)} of agents so far)` : ''}.`,
    ...ratioLines('By component', components, (name) => left?.byTask.filter(({ component }) => component === name).length ?? 0),
    ...ratioLines('By agent', agents, (name) => left?.byTask.filter(({ agent }) => agent === name).length ?? 0),
    ...(left === undefined ? [] : ['', ...leftLines(left, mark)]),
    '', ...backTestLines(backTest, mark),
  ]
}

/** Of agents: from 90 minutes on as `2 h 05 min`, so that nobody takes it for estimated hours. */
function time(minutes: number): string {
  const whole = Math.round(minutes)
  return whole < 90 ? duration(minutes * 60_000) : `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')} min`
}

/** To two digits, so that rates can be compared. */
function rate(minutes: number): string {
  if (minutes * 60 < 1) return `${(minutes * 60).toPrecision(2)} s`
  return minutes >= 1.5 && minutes < 10 ? `${minutes.toFixed(1)} min` : time(minutes)
}

/** `toDo`: how many tasks are left of each. */
function ratioLines(title: string, ratios: readonly Ratio[], toDo: (name: string) => number): string[] {
  if (ratios.length < 2) return []
  return [
    `  ${title}:`, ...ratios.slice(0, most.ratios).map(({ name, tasks, minutesPerHour }) => `    ${name}: ${rate(minutesPerHour)} (${counted(tasks, 'task')}${toDo(name) > 0 ? `, ${toDo(name)} to do` : ''})`),
    ...(ratios.length > most.ratios ? [`    ... and ${ratios.length - most.ratios} more`] : []),
  ]
}

function leftLines({ tasks, p50Minutes, p80Minutes, p95Minutes, byTask }: LeftForecast, mark: string): string[] {
  return [
    `What is left${mark}: ${counted(tasks, 'task')}, in time of agents with every track running, reviews not counted:`,
    `  50%: within ${time(p50Minutes)}, 80%: within ${time(p80Minutes)}, 95%: within ${time(p95Minutes)}`,
    `  Critical most often: ${criticalText(byTask.map(({ task, criticality }) => ({ task, share: criticality })))}`,
    '  Predicted by:', ...basisLines(byTask),
  ]
}

/** What open tasks are predicted by, most said first. */
const bases: Readonly<Record<Basis, string>> = {
  'component and agent': 'component and agent', component: 'component alone, nothing of their agent is measured', agent: 'agent alone, nothing of their component is measured', overall: 'the overall rate, nothing of their component or agent is measured',
}

function basisLines(byTask: LeftForecast['byTask']): string[] {
  const nobody = byTask.flatMap(({ task, agent }) => (agent === undefined ? [task] : []))
  const lines = Object.entries(bases).flatMap(([basis, text]) => {
    const tasks = byTask.filter((each) => each.basis === basis)
    const named = tasks.length === 0 || basis === 'component and agent' ? '' : ` (${listed(tasks.map(({ task }) => task))})`
    return tasks.length === 0 ? [] : [`    ${text}: ${counted(tasks.length, 'task')}${named}`]
  })
  return nobody.length === 0 ? lines : [...lines, `    ⚠️ No agent can implement ${listed(nobody)}: the suggested_agent is no role, or no role fits`]
}

function backTestLines({ predicted, withinP80, medianError, overall, nearer, better }: BackTest, mark: string): string[] {
  if (withinP80 === undefined || medianError === undefined || overall === undefined || nearer === undefined || better === undefined) return [`How well it did${mark}: too few to say, ${counted(predicted.length, 'task')} predicted of ${fewestPredicted} needed`]
  const told = (own: number, plain: number): string => `${percent(own)} (by the overall rate alone: ${percent(plain)})`
  return [
    `How well it did${mark}, on ${predicted.length < mostPredicted ? '' : 'the newest '}${counted(predicted.length, 'task')}, each predicted from those completed before it began:`,
    `  Half were off by less than ${told(medianError, overall.medianError)}`,
    `  Took no longer than their 80% value, which four of five should: ${told(withinP80, overall.withinP80)}`,
    `  Component and agent against the overall rate alone: ${verdicts[better]} (nearer for ${nearer} of ${counted(predicted.length, 'task')})`,
  ]
}

const verdicts: Readonly<Record<Verdict, string>> = { 'component and agent': 'better, by more than chance explains', overall: 'worse, by more than chance explains', 'no clear difference': 'no clear difference so far' }

/** The first few, and how many more there are. */
const listed = (tasks: readonly string[]): string => `${tasks.slice(0, most.critical).join(', ')}${tasks.length > most.critical ? ` and ${tasks.length - most.critical} more` : ''}`
const percent = (share: number): string => `${Math.round(100 * share)}%`

/** To a tenth: draws say no more. */
const hours = (n: number): string => exactHours(Math.round(n * 10) / 10)
