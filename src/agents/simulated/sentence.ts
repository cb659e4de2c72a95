import type { Outline, OutlinedTask } from '../../plan/specification/specified.ts'
import { capital } from './naming.ts'

const lead = /^(?:please\s+|i\s+(?:want|need|would like)\s+|we\s+(?:want|need)\s+|(?:to\s+)?(?:build|create|make|write|develop|implement|design)\s+(?:me\s+|us\s+)?)+/i
const article = /^(?:an?|the|some|its|their|our|also|optionally|then|it|users?\s+can|customers?\s+can|people\s+can|that|which|who|can|should|must|has|have|lets?\s+\w+)\s+/i
const mostFeatures = 12

/** A plan's outline from plain sentences: the first phrase is the project, every further one a feature of it. */
export function readSentence(source: string): Outline {
  const text = source.replaceAll(/\s+/g, ' ').trim().slice(0, 4_000)
  const phrases = text.split(/[,;:.!?()\u3001\u3002]+\s*|\s+(?:and|with|plus|including|that|which|where|using|for)\s+/i).map(strip).filter((phrase) => phrase.length >= 2)
  const [first = 'Project', ...rest] = phrases
  const features = [...new Map(rest.map((phrase) => [phrase.toLowerCase(), phrase])).values()].slice(0, mostFeatures)
  const named = features.length === 0 ? [`Core of ${first}`] : features
  return {
    title: title(first), problem: text, users: [], technology: [], constraints: [], metrics: [],
    tasks: named.map((feature): OutlinedTask => ({
      line: 1, label: undefined, number: undefined, title: title(feature), description: `${capital(feature)}, as the description asks for it.`, criteria: [title(feature), `Errors of ${feature}`], namesCriteria: false, dependsOn: [], hours: undefined,
      component: undefined, priority: undefined, files: [], groups: [], optional: false, completed: false,
    })),
  }
}

function strip(phrase: string): string {
  let text = phrase.trim().replace(lead, '')
  for (let before = ''; before !== text;) { before = text; text = text.replace(article, '') }
  return text.trim()
}

const title = (phrase: string): string => capital(phrase.length <= 60 ? phrase : phrase.slice(0, 60).replace(/\s+\S*$/, ''))
