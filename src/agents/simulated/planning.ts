import { prdKeys } from '../../plan/prd-file.ts'
import { componentOf, criteriaOf, featureId, guessedHours, prdOf } from '../../plan/specification/specification.ts'
import type { Outline, OutlinedTask } from '../../plan/specification/specified.ts'
import { readOutline } from '../../plan/specification/text.ts'
import { readSentence } from './sentence.ts'
import type { Request, Script } from './script.ts'

interface TaskFile {
  id: string; title: string; description: string; feature_ref?: string; component: string; estimated_hours: number; dependencies: string[]; acceptance_criteria: string[]; priority: 'high' | 'medium' | 'low'
}

/** The requirements document of a description. */
export function* prd(request: Request): Script {
  const source = request.subject.source ?? ''
  const document = prdOf(outlineOf(source))
  return JSON.stringify(prdKeys({ ...document, technology: document.technology.length > 0 ? document.technology : technologiesIn(source) }))
}

/** The tasks of a description: its features, and what every project needs around them. A text that states hours and dependencies comes to no agent. */
export function* tasks(request: Request): Script {
  const source = request.subject.source ?? ''
  const outline = outlineOf(source)
  const features = outline.tasks.map((task, i): TaskFile => ({
    id: '', title: task.title, description: task.description, feature_ref: featureId(i), component: featureComponent(task, source), estimated_hours: guessedHours(task),
    dependencies: [], acceptance_criteria: criteriaOf(task), priority: task.optional ? 'low' : i < outline.tasks.length / 2 ? 'high' : 'medium',
  }))
  const list = framed(features, outline)
  list.forEach((task, i) => { task.id = `TASK-${String(i + 1).padStart(3, '0')}` })
  frame(list)
  return JSON.stringify(request.schema?.type === 'array' ? list : { tasks: list })
}

function outlineOf(source: string): Outline {
  const outline = readOutline(source)
  return outline.tasks.length > 0 ? outline : readSentence(source)
}

/** By the feature itself, else by what the whole text is about. */
function featureComponent(task: OutlinedTask, source: string): string {
  const component = componentOf(task)
  return component === 'general' && /\b(?:api|backend|server|service|database)\b/i.test(source) ? 'backend' : component
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

const technologies = ['Python', 'FastAPI', 'Django', 'Flask', 'TypeScript', 'JavaScript', 'React', 'Vue', 'Angular', 'Node.js', 'Go', 'Rust', 'Java', 'Spring', 'Ruby', 'Rails', 'PHP', 'Laravel', 'PostgreSQL', 'MySQL', 'SQLite', 'MongoDB', 'Redis', 'Docker', 'Kubernetes', 'GraphQL']
const technologiesIn = (source: string): string[] => technologies.filter((name) => new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}(?![\\w])`, name === 'Go' ? '' : 'i').test(source))
