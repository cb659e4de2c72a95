import { UserError } from '../errors.ts'

const dayMs = 86_400_000
const workday = 8 * 3600
const opening = 8 * 3600
const morning = 4 * 3600
const pause = 3600
/** The last day that MS Project knows is in 2149. */
const lastYear = 2149

/** The working days of the calendar: Monday to Friday, 8 to 12 and 13 to 17 o'clock. */
export const shifts = [['08:00:00', '12:00:00'], ['13:00:00', '17:00:00']] as const

/** Where hours of a plan fall in a working week of 5 days of 8 hours. */
export interface WorkingTime {
  /** `2026-01-05T08:00:00`, local time without a zone: where work that starts after so many hours starts. */
  readonly start: (hours: number) => string
  /** Where work that ends after so many hours ends: never at 8 in the morning. */
  readonly finish: (hours: number) => string
}

/** Hours are counted from 8 o'clock of the first working day from `day` (`2026-01-05`) on. `start` and `finish` throw UserError('input') past the year 2149. */
export function workingTime(day: string): WorkingTime {
  const given = Date.parse(`${day}T00:00:00Z`)
  const weekday = (new Date(given).getUTCDay() + 6) % 7
  const [first, firstWeekday] = weekday < 5 ? [given, weekday] : [given + (7 - weekday) * dayMs, 0]
  const moment = (workdays: number, clock: number): string => {
    const inWeek = firstWeekday + workdays
    const date = new Date(first + (Math.floor(inWeek / 5) * 7 + (inWeek % 5) - firstWeekday) * dayMs + clock * 1000)
    if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > lastYear) throw new UserError('input', `The plan goes on past the year ${lastYear}, which calendars don't hold. Correct estimated_hours in docs/planning/tasks and plan again, or export it as csv or taskmaster.`)
    return date.toISOString().slice(0, 19)
  }
  // What ends with the morning ends before the break; what starts then starts after it.
  return {
    start: (hours) => {
      const seconds = Math.round(hours * 3600)
      const rest = seconds % workday
      return moment(Math.floor(seconds / workday), opening + rest + (rest >= morning ? pause : 0))
    },
    finish: (hours) => {
      const seconds = Math.round(hours * 3600)
      const rest = seconds > 0 && seconds % workday === 0 ? workday : seconds % workday
      return moment((seconds - rest) / workday, opening + rest + (rest > morning ? pause : 0))
    },
  }
}
