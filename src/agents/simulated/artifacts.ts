import type { Artifact, Work } from './artifact.ts'
import { reactComponents, typescriptModule } from './frontend.ts'
import { infrastructureFiles } from './infrastructure.ts'
import { guide, moduleIn } from './other-languages.ts'
import { pythonApi, pythonModels } from './python.ts'

/** What a developer writes for a task, and how its summary calls it. `counted` is the plural that the number of criteria belongs to. */
export interface Deliverable { readonly summary: string; readonly files: readonly Artifact[] }

/** Chosen by the role that does the work. */
export function deliverable(work: Work): Deliverable {
  const [room = '', rest = ''] = work.role.split(':')
  const language = rest.split('-').at(-1) ?? ''
  if (room === 'database' && language === 'python') return { summary: 'SQLAlchemy models created', files: [pythonModels(work)] }
  if (room === 'backend' && language === 'python') return { summary: 'FastAPI endpoints implemented', files: [pythonApi(work)] }
  if (room === 'frontend') return { summary: 'React components implemented', files: [reactComponents(work)] }
  if (room === 'infrastructure') return { summary: infrastructure[language] ?? 'Configuration files written', files: infrastructureFiles(work) }
  if (room === 'documentation') return { summary: 'Guide sections written', files: [guide(work)] }
  const other = moduleIn(language, work)
  if (other !== undefined) return { summary: 'Functions implemented', files: [other] }
  return { summary: 'Functions implemented', files: [typescriptModule(work, room === 'backend' ? 'backend/src' : 'src')] }
}

const infrastructure: Readonly<Record<string, string>> = {
  docker: 'Container files written', kubernetes: 'Kubernetes manifests written', pipeline: 'Pipeline jobs written', shell: 'Scripts written', yaml: 'Configuration files written',
}
