import { allowedPatterns, placeFor, workOf, type Work } from './artifact.ts'
import { camel, kebab, plain, resource, snake } from './naming.ts'
import { operationOf } from './python.ts'
import { write, type Request, type Script } from './script.ts'

/** An OpenAPI document, or a schema design where the role designs databases. */
export function* design(request: Request): Script {
  const work = workOf(request)
  const database = request.role.startsWith('database:')
  const path = placeFor(database ? `docs/design/${kebab(work.title)}.md` : `docs/api/${kebab(work.title)}.json`, allowedPatterns(request.prompt))
  if (path === undefined) return 'No design written: the task allows no file for one'
  if (database) {
    yield [write(path, schemaDesign(work))]
    return `Schema designed (${work.criteria.length} ${work.criteria.length === 1 ? 'table' : 'tables'}, normalized)`
  }
  const document = openApi(work)
  yield [write(path, `${JSON.stringify(document, null, 2)}\n`)]
  return `API specification created (OpenAPI 3.0, ${work.criteria.length} ${work.criteria.length === 1 ? 'operation' : 'operations'})`
}

function openApi(work: Work): unknown {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const criterion of work.criteria) {
    const { kind, method, path } = operationOf(criterion)
    const withId = kind === 'update' || kind === 'remove'
    const full = `/${resource(work.title)}${path}${withId ? '/{record_id}' : ''}`
    const body = method === 'post' || method === 'put' ? { requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } } } : {}
    const parameters = withId ? { parameters: [{ name: 'record_id', in: 'path', required: true, schema: { type: 'string' } }] } : {}
    paths[full] = {
      ...paths[full],
      [method]: { operationId: camel(criterion), summary: plain(criterion), ...parameters, ...body, responses: { 200: { description: 'Done' }, 422: { description: 'The request is not valid' }, ...errors(kind) } },
    }
  }
  return { openapi: '3.0.3', info: { title: plain(work.title), version: '1.0.0' }, paths }
}

const errors = (kind: ReturnType<typeof operationOf>['kind']): Record<string, { description: string }> => {
  switch (kind) {
    case 'login': return { 401: { description: 'Wrong email or password' }, 429: { description: 'Too many attempts' } }
    case 'register': case 'reset': return { 429: { description: 'Too many attempts' } }
    case 'update': case 'remove': return { 404: { description: 'There is no such record' } }
    case 'create': return { 409: { description: 'It exists already' } }
    case 'list': return {}
  }
}

const schemaDesign = (work: Work): string => `${[
  `# ${plain(work.title)}`, '', `The tables of ${work.id}, in third normal form.`,
  ...work.criteria.flatMap((criterion) => ['', `## ${plain(criterion)}`, '', '| column | type | constraint |', '| --- | --- | --- |', '| id | bigint | primary key |', '| name | varchar(200) | not null, index |', `| created_at | timestamptz | not null, default now() |`, '', `Table name: \`${snake(criterion.replace(/\s+table$/i, ''))}\`.`]),
  '', '## Migration', '', 'Each table is created by one migration and dropped by its way back.',
].join('\n')}\n`
