import { criticalEdges, eachEdge, taskGraph } from './graph.ts'
import type { DrawnPlan, DrawnStatus, DrawnTask } from './model.ts'
import { lightPalette, trackColour } from './palette.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '#': '&#35;', '`': '&#96;' }
/** Mermaid's labels: quotes end a label, `#` begins an entity, backticks begin Markdown. */
const mermaidText = (text: string) => text.replaceAll(/[&<>"#`]/g, (sign) => entities[sign] ?? sign).replaceAll(/\s+/g, ' ')
const dotText = (text: string) => text.replaceAll(/["\\]/g, '\\$&').replaceAll(/\s+/g, ' ')

const hours = (value: number) => `${Number(value.toFixed(1))} h`
const detail = (task: DrawnTask) => `${hours(task.hours)} · ${task.status}${task.critical ? ' · critical' : ''}`
const marks: Readonly<Record<DrawnStatus, string>> = { pending: '', running: 'stroke-dasharray:5 3', completed: 'opacity:0.65', failed: 'stroke:#b01011', blocked: 'stroke:#895503,stroke-dasharray:2 2' }

/** The plan as a Mermaid flowchart: a subgraph for each track, thick links along the critical path. */
export function mermaidOf(plan: DrawnPlan): string {
  // Ids may hold characters that Mermaid takes for its own, and words such as "end": nodes are numbered.
  const number = new Map(plan.tasks.map((task, index) => [task.id, `t${index + 1}`]))
  const lines = ['flowchart LR']
  for (const [index, track] of plan.tracks.entries()) {
    lines.push(`  subgraph track${index + 1}["${mermaidText(`${track.id} ${track.name}`)}"]`)
    for (const task of plan.tasks.filter((each) => each.track === track.id)) lines.push(`    ${number.get(task.id) ?? ''}["${mermaidText(task.id)}<br/>${mermaidText(task.title)}<br/>${mermaidText(detail(task))}"]`)
    lines.push('  end')
  }
  const links = linksOf(plan)
  for (const { from, to } of links) lines.push(`  ${number.get(from) ?? ''} --> ${number.get(to) ?? ''}`)
  const critical = links.flatMap((link, index) => link.critical ? [index] : [])
  if (critical.length > 0) lines.push(`  linkStyle ${critical.join(',')} stroke-width:4px`)
  for (const status of ['running', 'completed', 'failed', 'blocked'] as const) {
    const own = plan.tasks.filter((task) => task.status === status)
    if (own.length > 0) lines.push(`  classDef ${status} ${marks[status]}`, `  class ${own.map((task) => number.get(task.id) ?? '').join(',')} ${status}`)
  }
  const path = plan.tasks.filter((task) => task.critical)
  if (path.length > 0) lines.push('  classDef critical stroke-width:3px', `  class ${path.map((task) => number.get(task.id) ?? '').join(',')} critical`)
  return `${lines.join('\n')}\n`
}

/** The plan in Graphviz's dot language: a cluster for each track, bold along the critical path. */
export function dotOf(plan: DrawnPlan): string {
  const lines = [
    `digraph "${dotText(plan.name)}" {`, '  rankdir=LR', '  node [shape=box, style="rounded", fontname="sans-serif", fontsize=11, height=0.5]', '  edge [color="#767676", arrowsize=0.7]',
    `  label="${dotText(`${plan.name}: critical path ${hours(plan.criticalPathHours)}, finish ${hours(plan.makespanHours)} on ${plan.usedTracks} track${plan.usedTracks === 1 ? '' : 's'}`)}"`, '  fontname="sans-serif"',
  ]
  for (const [index, track] of plan.tracks.entries()) {
    lines.push(`  subgraph cluster_${index + 1} {`, `    label="${dotText(`${track.id} ${track.name}`)}"`, `    color="${trackColour(lightPalette, plan.tracks, track.id).colour}"`)
    for (const task of plan.tasks.filter((each) => each.track === track.id)) lines.push(`    "${dotText(task.id)}" [label="${dotText(task.id)}\\n${dotText(task.title)}\\n${dotText(detail(task))}"${task.critical ? ', penwidth=2.5' : ''}]`)
    lines.push('  }')
  }
  for (const link of linksOf(plan)) lines.push(`  "${dotText(link.from)}" -> "${dotText(link.to)}"${link.critical ? ' [penwidth=2.5, color="#1f1f1f"]' : ''}`)
  return `${[...lines, '}'].join('\n')}\n`
}

/** Each dependency once; critical where it joins two tasks of the critical path without a gap. */
function linksOf(plan: DrawnPlan): { from: string; to: string; critical: boolean }[] {
  const graph = taskGraph(plan.tasks)
  const critical = criticalEdges(graph)
  const links: { from: string; to: string; critical: boolean }[] = []
  eachEdge(graph.edges, (from, to, edge) => links.push({ from: graph.ids[from] ?? '', to: graph.ids[to] ?? '', critical: critical[edge] === 1 }))
  return links
}
