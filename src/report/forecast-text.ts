import { fewestPredicted, type BackTest } from '../plan/forecast/calibration-back-test.ts'
import type { Ratio } from '../plan/forecast/calibration.ts'
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
  if (stuck.length > 0) lines.push('', `⚠️ ${stuck.slice(0, most.critical).join(', ')}${stuck.length > most.critical ? ` and ${stuck.length - most.critical} more` : ''} failed or blocked: counted as still to be done`)
  if (agents.length === 0) lines.push('', 'No task has been measured yet: the time of agents is forecast once some are completed.')
  for (const agent of agents) lines.push('', ...agentLines(agent, report))
  return lines.join('\n')
}

function estimateLines({ tracks, openHours, makespanHours, hours: forecast }: ForecastReport): string[] {
  const planned = `  ${hours(makespanHours)} hours on ${counted(tracks, 'track')} if each task takes its estimate (${hours(openHours)} hours of work)`
  if (forecast !== null) return ['What is left, in estimated hours:', planned, ...hoursLines(forecast)]
  return ['What is left, in estimated hours:', planned, '  No range: give tasks a low and a high estimate, `devteam task edit ID --low HOURS --high HOURS`']
}

function hoursLines({ p50Hours, p80Hours, p95Hours, plannedHours, withinPlanned, withoutSpread, tasks, criticality, runs }: HoursForecast): string[] {
  return [
    `  50%: within ${hours(p50Hours)} hours, 80%: within ${hours(p80Hours)}, 95%: within ${hours(p95Hours)}`,
    `  ${percent(withinPlanned)} chance to be done within the planned ${hours(plannedHours)} hours`,
    ...(withoutSpread === 0 ? [] : [`  ${withoutSpread} of ${counted(tasks, 'task')} ${withoutSpread === 1 ? 'has' : 'have'} no low and high and ${withoutSpread === 1 ? 'counts' : 'count'} as certain: the true range is wider`]),
    `  Critical most often: ${criticalText(criticality)}`,
    `  (${runs} draws of each task between low, likely and high; tracks and order kept)`,
  ]
}

function criticalText(criticality: readonly { readonly task: string; readonly share: number }[]): string {
  const often = criticality.filter(({ share }) => share >= 0.005).sort((a, b) => b.share - a.share)
  const shown = often.slice(0, most.critical).map(({ task, share }) => `${task} ${percent(share)}`).join(', ')
  return often.length > most.critical ? `${shown} and ${often.length - most.critical} more` : shown
}

function agentLines({ simulated, measuredTasks, calibration, left, backTest }: AgentForecast, { fewestMeasured }: ForecastReport): string[] {
  const mark = simulated ? ' (simulated)' : ''
  if (calibration === undefined) return [`Measured${mark}: ${counted(measuredTasks, 'task')}, too few to say how long agents take: it needs ${fewestMeasured}.`]
  const { minutesPerHour, factor, components, agents } = calibration
  return [
    `Measured${mark}: ${counted(measuredTasks, 'task')}, ${ratioText(minutesPerHour)} of an agent for each estimated hour (4 of 5 tasks within a factor of ${factor.toFixed(1)})`,
    ...ratioLines('By component', components), ...ratioLines('By agent', agents),
    ...(left === undefined ? [] : ['', ...leftLines(left, mark)]),
    '', ...backTestLines(backTest, mark),
  ]
}

const ratioText = (minutes: number): string => duration(minutes * 60_000)
function ratioLines(title: string, ratios: readonly Ratio[]): string[] {
  if (ratios.length < 2) return []
  return [
    `  ${title}:`, ...ratios.slice(0, most.ratios).map(({ name, tasks, minutesPerHour }) => `    ${name}: ${ratioText(minutesPerHour)} (${counted(tasks, 'task')})`),
    ...(ratios.length > most.ratios ? [`    ... and ${ratios.length - most.ratios} more`] : []),
  ]
}

function leftLines({ tasks, p50Minutes, p80Minutes, p95Minutes, byTask }: LeftForecast, mark: string): string[] {
  const time = (minutes: number): string => duration(minutes * 60_000)
  return [
    `What is left${mark}: ${counted(tasks, 'task')}, in time of agents with every track running, reviews not counted:`,
    `  50%: within ${time(p50Minutes)}, 80%: within ${time(p80Minutes)}, 95%: within ${time(p95Minutes)}`,
    `  Critical most often: ${criticalText(byTask.map(({ task, criticality }) => ({ task, share: criticality })))}`,
  ]
}

function backTestLines({ predicted, withinP80, medianError }: BackTest, mark: string): string[] {
  if (withinP80 === undefined || medianError === undefined) return [`How well it did${mark}: too few to say, ${counted(predicted.length, 'task')} predicted of ${fewestPredicted} needed`]
  return [`How well it did${mark}, on ${counted(predicted.length, 'task')}, each predicted from those completed before it began: ${percent(withinP80)} took no longer than their 80% value, half were off by less than ${percent(medianError)}`]
}

const percent = (share: number): string => `${Math.round(100 * share)}%`

/** To a tenth: draws say no more. */
const hours = (n: number): string => exactHours(Math.round(n * 10) / 10)
