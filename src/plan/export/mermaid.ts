import type { Exported, ExportedPlan, ExportedTask } from './exported.ts'
import { workingTime } from './working-time.ts'

const tags: Readonly<Record<ExportedTask['status'], string>> = { pending: '', running: 'active, ', completed: 'done, ', failed: '', blocked: '' }

/** Mermaid's default `maxTextSize`. */
const mostText = 50_000

/**
 * A Mermaid Gantt chart: a section for each track, its tasks at the hours of the schedule in a working week from the day of planning on, the critical
 * path marked. Throws UserError('input') where the plan is longer than calendars are.
 */
export function mermaidGanttOf(plan: ExportedPlan): Exported {
  const time = workingTime(plan.plannedOn)
  const minute = (moment: string): string => moment.slice(0, 16)
  const lines = ['gantt', `  title ${label(plan.name)}`, '  dateFormat YYYY-MM-DD[T]HH:mm', '  axisFormat %a %d %b']
  for (const track of plan.tracks) {
    lines.push(`  section ${label(`${track.id} ${track.name}`)}`)
    plan.tasks.forEach((each, i) => {
      if (each.track !== track.id) return
      const note = each.status === 'failed' || each.status === 'blocked' ? ` (${each.status})` : ''
      lines.push(`    ${label(`${each.task.id}: ${each.task.title}${note}`)} :${tags[each.status]}${each.critical ? 'crit, ' : ''}t${i + 1}, ${minute(time.start(each.start))}, ${minute(time.finish(each.finish))}`)
    })
  }
  const content = `${lines.join('\n')}\n`
  return { content, warnings: [
    ...(content.length > mostText ? [`Mermaid draws no text past ${mostText} characters unless its maxTextSize is raised, and this has ${content.length}`] : []),
    'A Gantt chart shows when each track does what, not which task waits for which: `devteam graph --format mermaid` draws the dependencies',
  ] }
}

/** A text in which nothing has a meaning to Mermaid: signs as entities, and the first letter too where the text begins like a keyword. */
function label(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim().replaceAll(/[#;:%<>"`{}]/g, (sign) => `#${sign.codePointAt(0) ?? 0};`)
  return /^(?:gantt|title|section|dateFormat|axisFormat|tickInterval|weekday|weekend|excludes|includes|todayMarker|inclusiveEndDates|topAxis|displayMode|click|call|href|vert|acc)/i.test(flat) ? `#${flat.codePointAt(0) ?? 0};${flat.slice(1)}` : flat
}
