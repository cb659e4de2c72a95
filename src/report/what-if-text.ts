import type { Outcome, Tried, WhatIf } from '../plan/what-if/what-if.ts'
import { counted, hours } from './format.ts'

/** Longer lists are cut and say how many more there are. */
const most = { gains: 5, overruns: 8 }

/** What `devteam plan --what-if` prints. */
export function whatIfText({ tasks, strategy, tracks, hours: base, fullTrack, byTracks, otherStrategy, withoutDependency, split, overruns }: WhatIf): string {
  return [
    `What If: ${counted(tasks, 'task')} with \`${strategy}\` on ${counted(tracks, 'track')} take ${hoursText(base)}. Nothing is changed.`,
    ...(fullTrack === undefined ? [] : [`Track ${Number(fullTrack.id)} (${fullTrack.name}) has work for all of it: only less work in that track shortens it.`]),
    '',
    'Other numbers of tracks:',
    ...byTracks.map((point) => `  ${counted(point.tracks, 'track')}: ${hoursText(point.hours)}${point.bestHours < point.hours ? `, ${hoursText(point.bestHours)} at best` : ''}${point.tracks === tracks ? ' (this plan)' : ''}`),
    `  \`${otherStrategy.strategy}\` on ${counted(otherStrategy.tracks, 'track')}: ${hoursText(otherStrategy.hours)}`,
    '',
    'Without one dependency:', ...triedLines(withoutDependency, 'dependency', 'dependencies', 'Removing any one of them'),
    '',
    'A task split into two halves that can be done at once:', ...triedLines(split, 'critical task', 'critical tasks', 'Splitting any one of them'),
    '',
    ...overrunLines(overruns),
  ].join('\n')
}

/** What `devteam plan --what-if CHANGE` prints for one change. */
export function outcomeText(base: { readonly strategy: string; readonly tracks: number; readonly hours: number }, { change, strategy, tracks, hours: found, gainHours, keptHours }: Outcome): string {
  const place = [...(tracks === base.tracks ? [] : [`on ${counted(tracks, 'track')}`]), ...(strategy === base.strategy ? [] : [`with \`${strategy}\``])].join(' ')
  return [
    `What if ${change}: ${hoursText(found)} ${place === '' ? '' : `${place} `}instead of ${hoursText(base.hours)} (${gainText(gainHours)})`,
    ...(keptHours === undefined || keptHours === found ? [] : [`  ${hoursText(keptHours)} if tracks and order stay as they are`]),
  ].join('\n')
}

const gainText = (gain: number): string => (gain === 0 ? 'no change' : gain > 0 ? `${hours(gain)} less` : `${hours(-gain)} more`)

function triedLines({ tried, of, gains }: Tried, one: string, many: string, none: string): string[] {
  const what = `${tried < of ? `${tried} of ${of}` : String(of)} ${of === 1 ? one : many} tried`
  if (of === 0) return ['  There is none to try.']
  if (gains.length === 0) return [`  ${none} gains nothing (${what})`]
  return [
    ...gains.slice(0, most.gains).map(({ change, hours: found, gainHours }) => `  ${change}: ${hoursText(found)} (${gainText(gainHours)})`),
    ...(gains.length > most.gains ? [`  ... and ${gains.length - most.gains} more that gain something`] : []),
    `  (${what})`,
  ]
}

function overrunLines(overruns: WhatIf['overruns']): string[] {
  const late = overruns.filter(({ delayHours }) => delayHours > 0)
  const title = 'A task that takes half as long again, tracks and order kept:'
  if (late.length === 0) return [title, '  No task alone would delay the end.']
  return [
    title,
    ...late.slice(0, most.overruns).map(({ task, moreHours, slackHours, delayHours }) => `  ${task}: +${hoursText(moreHours)}, ${slackHours > 0 ? `${hours(slackHours)} of slack, ` : ''}ends ${hoursText(delayHours)} later`),
    ...(late.length > most.overruns ? [`  ... and ${late.length - most.overruns} more that delay the end`] : []),
    ...(late.length < overruns.length ? [`  ${counted(overruns.length - late.length, 'task')} would not delay it`] : []),
  ]
}

const hoursText = (n: number): string => `${hours(n)} ${hours(n) === '1' ? 'hour' : 'hours'}`
