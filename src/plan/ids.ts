/** Branded ids: parsed once at the border, then trusted. */
declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** `TASK-004`: also a file name, so it may not leave its folder. */
export type TaskId = Branded<'TaskId'>
/** `SPRINT-001-01` (sprint 1 of track 01), or `SPRINT-001` where the plan has one track only. */
export type SprintId = Branded<'SprintId'>
/** `01`, `02`, ... */
export type TrackId = Branded<'TrackId'>

const idPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i

/**
 * Is this text fit to be a task id? Letters, digits, `_`, `.` and `-`, at most 64 characters, no `..`, and no name that Windows
 * reserves: an id is used as a file name and in a git ref.
 */
export const isTaskId = (text: string): text is TaskId => idPattern.test(text) && !text.includes('..') && !reserved.test(text) && !/\.lock$/i.test(text)

/** What to do about a text that is not. */
export const idWayOut = 'Use letters, digits, "-", "_" and ".", the first one a letter or a digit, at most 64 characters, and no name that Windows keeps for itself (con, nul), such as "TASK-001"'

export const trackId = (number: number): TrackId => String(number).padStart(2, '0') as TrackId
/** The id of sprint `number` (1, 2, ...) on a track; without a track for a plan of a single one. */
export const sprintId = (number: number, track?: TrackId): SprintId => `SPRINT-${String(number).padStart(3, '0')}${track === undefined ? '' : `-${track}`}` as SprintId
