import { readOutline, type Outline, type OutlinedTask } from './outline.ts'
import { capital } from './naming.ts'
import { readSentence } from './sentence.ts'
import type { Request, Script } from './script.ts'

interface TaskFile {
  id: string; title: string; description: string; feature_ref?: string; component: string; estimated_hours: number; dependencies: string[]; acceptance_criteria: string[]; priority: 'high' | 'medium' | 'low'
}

/** The requirements document of a description or outline. */
export function* prd(request: Request): Script {
  const outline = outlineOf(request.subject.source ?? '')
  const requirement = (task: OutlinedTask, i: number) => ({ id: featureId(i), title: task.title, description: task.description === '' ? task.title : task.description, acceptance_criteria: criteriaOf(task) })
  const requirements = outline.tasks.map(requirement)
  return JSON.stringify({
    project: outline.title ?? 'Project', problem: outline.problem, users: outline.users,
    requirements: { must_have: requirements.filter((_, i) => outline.tasks[i]?.optional !== true), should_have: requirements.filter((_, i) => outline.tasks[i]?.optional === true) },
    technology: outline.technology.length > 0 ? outline.technology : technologiesIn(request.subject.source ?? ''), constraints: outline.constraints, success_metrics: outline.metrics,
  })
}

/** The tasks of a description or outline. What an outline says of hours and dependencies holds; the rest is filled in. */
export function* tasks(request: Request): Script {
  const source = request.subject.source ?? ''
  const outline = outlineOf(source)
  const structured = outline.tasks.some((task) => task.hours !== undefined || task.dependsOn.length > 0)
  const features = outline.tasks.map((task, i): TaskFile => ({
    id: '', title: task.title, description: task.description, feature_ref: featureId(i), component: componentOf(task, source), estimated_hours: task.hours ?? Math.min(16, 2 + 2 * criteriaOf(task).length),
    dependencies: [], acceptance_criteria: criteriaOf(task), priority: task.optional ? 'low' : i < outline.tasks.length / 2 ? 'high' : 'medium',
  }))
  const list = structured ? features : framed(features, outline)
  list.forEach((task, i) => { task.id = taskId(i + 1) })
  if (structured) connect(features, outline.tasks)
  else frame(list)
  return JSON.stringify(request.schema?.type === 'array' ? list : { tasks: list })
}

const featureId = (i: number): string => `F${String(i + 1).padStart(3, '0')}`
const taskId = (number: number): string => `TASK-${String(number).padStart(3, '0')}`
const criteriaOf = (task: OutlinedTask): string[] => (task.criteria.length > 0 ? task.criteria.map(capital) : [capital(task.title)])

function outlineOf(source: string): Outline {
  const outline = readOutline(source)
  return outline.tasks.length > 0 ? outline : readSentence(source)
}

const foundationTitle = 'Project foundation'
const testsTitle = 'Integration tests'
const guideTitle = 'User guide'

/** What every project needs around its features, where the text does not plan it itself. */
function framed(features: readonly TaskFile[], outline: Outline): TaskFile[] {
  const names = features.map((task) => task.title.toLowerCase())
  const main = features[0]?.component ?? 'general'
  const more = (title: string, component: string, hours: number, criteria: string[], pattern: RegExp): TaskFile[] => (names.some((name) => pattern.test(name)) ? []
    : [{ id: '', title, description: `${title} of ${outline.title ?? 'the project'}.`, component, estimated_hours: hours, dependencies: [], acceptance_criteria: criteria, priority: title === foundationTitle ? 'high' : 'medium' }])
  return [
    ...more(foundationTitle, main, 4, ['Project layout', 'Entry point'], /\b(?:foundation|set ?up|scaffold|skeleton)/), ...features,
    ...more(testsTitle, 'tests', 4, ['Main flows tested', 'Error flows tested'], /\btests?\b/), ...more(guideTitle, 'documentation', 2, ['Getting started', 'Everyday use'], /\b(?:docs?|documentation|guide)\b/),
  ]
}

/** Features stand on the foundation; tests and guide come when the features are there. */
function frame(list: readonly TaskFile[]): void {
  const foundation = list.find((task) => task.title === foundationTitle)
  const closing = (task: TaskFile): boolean => task.title === testsTitle || task.title === guideTitle
  const features = list.filter((task) => task !== foundation && !closing(task))
  if (foundation !== undefined) for (const task of features) task.dependencies.push(foundation.id)
  for (const task of list.filter(closing)) task.dependencies.push(...features.map((feature) => feature.id))
}

/** Dependencies by label or title. A name that is not there, and an edge that would close a cycle, are left out. */
function connect(files: readonly TaskFile[], outlined: readonly OutlinedTask[]): void {
  const find = (name: string): number => {
    const wanted = name.toLowerCase()
    const exact = outlined.findIndex((task, i) => task.label?.toLowerCase() === wanted || task.title.toLowerCase() === wanted || files[i]?.id.toLowerCase() === wanted)
    return exact >= 0 ? exact : outlined.findIndex((task) => task.title.toLowerCase().includes(wanted) || (task.label !== undefined && wanted.split(/\s/)[0] === task.label.toLowerCase()))
  }
  const byId = new Map(files.map((file) => [file.id, file]))
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set<string>()
    const open = [from]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === to) return true
      if (seen.has(id)) continue
      seen.add(id)
      open.push(...byId.get(id)?.dependencies ?? [])
    }
    return false
  }
  outlined.forEach((task, i) => {
    const own = files[i]
    for (const name of task.dependsOn) {
      const other = files[find(name)]
      if (own !== undefined && other !== undefined && !own.dependencies.includes(other.id) && !reaches(other.id, own.id)) own.dependencies.push(other.id)
    }
  })
}

const components: readonly (readonly [RegExp, string])[] = [
  [/\b(?:docker\w*|kubernetes|k8s|deploy\w*|ci|ci\/cd|pipelines?|monitoring|backups?|terraform|infra\w*|hosting|devops)\b/i, 'infrastructure'],
  [/\b(?:ui|front-?end|pages?|screens?|forms?|react|vue|views?|web client|dashboard|mobile)\b/i, 'frontend'],
  [/\b(?:docs?|documentation|guides?|manual|readme)\b/i, 'documentation'], [/\b(?:tests?|testing|qa)\b/i, 'tests'],
  [/\b(?:api|back-?end|servers?|services?|endpoints?|databases?|schema|auth\w*|login|payments?|rest|graphql|postgres\w*|sqlite)\b/i, 'backend'],
]

/** By the title, then by the headings above, then by what the whole text is about. */
function componentOf(task: OutlinedTask, source: string): string {
  for (const text of [task.groups.at(-1) ?? '', task.title, ...task.groups, task.description]) {
    const found = components.find(([pattern]) => pattern.test(text))
    if (found !== undefined) return found[1]
  }
  return /\b(?:api|backend|server|service|database)\b/i.test(source) ? 'backend' : 'general'
}

const technologies = ['Python', 'FastAPI', 'Django', 'Flask', 'TypeScript', 'JavaScript', 'React', 'Vue', 'Angular', 'Node.js', 'Go', 'Rust', 'Java', 'Spring', 'Ruby', 'Rails', 'PHP', 'Laravel', 'PostgreSQL', 'MySQL', 'SQLite', 'MongoDB', 'Redis', 'Docker', 'Kubernetes', 'GraphQL']
const technologiesIn = (source: string): string[] => technologies.filter((name) => new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}(?![\\w])`, name === 'Go' ? '' : 'i').test(source))
