import type { Artifact, Work } from './artifact.ts'
import { kebab, plain } from './naming.ts'

/** Infrastructure: a file for each criterion, a script, an image, a manifest or settings as the criterion says. */
export const infrastructureFiles = (work: Work): Artifact[] => work.criteria.map((criterion) => {
  const folder = `infra/${kebab(work.title)}`
  const name = kebab(criterion)
  const comment = `# ${plain(criterion)} (${work.id}: ${plain(work.title)})`
  const file = (path: string, lines: readonly string[], first: readonly string[] = []): Artifact => ({ path: `${folder}/${path}`, head: first, blocks: [{ criterion, lines: [comment, ...lines] }], foot: [] })
  const said = `${criterion} ${work.title} ${work.role}`
  if (/\b(?:scripts?|backups?|restore)\b/i.test(criterion) || work.role.endsWith('-shell')) return file(`${name}.sh`, script(criterion), ['#!/bin/sh'])
  if (/\b(?:image|dockerfile)\b/i.test(criterion)) return file(`${name}.Dockerfile`, dockerfile(criterion))
  if (/\bcompose\b/i.test(criterion)) return file('compose.yaml', compose)
  if (/\b(?:job|pipeline|workflow|ci)\b/i.test(criterion) || work.role.endsWith('-pipeline')) return file(`${name}.yaml`, job(criterion))
  if (/kubernetes|k8s|manifest|helm/i.test(said)) return file(`${name}.yaml`, /\bingress\b/i.test(criterion) ? ingress(name) : deployment(name))
  return file(`${name}.yaml`, settings(criterion))
})

const script = (criterion: string): string[] => [
  'set -eu', `# ${/\brestore\b/i.test(criterion) ? 'Arguments: the archive, and an empty folder to restore it to.' : 'Argument: the folder to work on. The archive is made beside it.'}`,
  ...(/\brestore\b/i.test(criterion) ? [
    'archive=${1:?"name the archive"}', 'target=${2:?"name the target folder"}', 'if [ ! -f "$archive" ]; then', `  echo "${plain(criterion)}: there is no archive $archive" >&2`, '  exit 1', 'fi',
    'if [ -d "$target" ] && [ -n "$(ls -A "$target")" ]; then', `  echo "${plain(criterion)}: $target is not empty" >&2`, '  exit 1', 'fi', 'mkdir -p "$target"', 'tar -xzf "$archive" -C "$target"',
  ] : [
    'folder=${1:?"name the folder"}', 'if [ ! -d "$folder" ]; then', `  echo "${plain(criterion)}: there is no folder $folder" >&2`, '  exit 1', 'fi',
    'archive="${folder%/}-$(date -u +%Y%m%dT%H%M%SZ).tar.gz"', 'if [ "${DRY_RUN:-0}" = 1 ]; then', `  echo "${plain(criterion)}: would write $archive"`, '  exit 0', 'fi', 'tar -czf "$archive.part" -C "$folder" .', 'mv "$archive.part" "$archive"', 'echo "$archive"',
  ]),
]

const dockerfile = (criterion: string): string[] => (/\b(?:web|client|frontend)\b/i.test(criterion)
  ? ['FROM node:22.20-alpine AS build', 'WORKDIR /app', 'COPY frontend/package*.json ./', 'RUN npm ci', 'COPY frontend .', 'RUN npm run build', '', 'FROM nginx:1.29-alpine', 'COPY --from=build /app/dist /usr/share/nginx/html', 'HEALTHCHECK CMD wget -q --spider http://localhost/ || exit 1']
  : ['FROM python:3.13-slim', 'WORKDIR /app', 'RUN useradd --system app', 'COPY backend/requirements.txt ./', 'RUN pip install --no-cache-dir -r requirements.txt', 'COPY backend .', 'USER app', 'EXPOSE 8000', 'HEALTHCHECK CMD python -c "import urllib.request; urllib.request.urlopen(\'http://localhost:8000/health\')"', 'CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]'])

const compose = ['services:', '  api:', '    build:', '      context: ../..', '      dockerfile: infra/docker-containers/api-image.Dockerfile', '    ports: ["8000:8000"]', '    depends_on: [database]', '  web:', '    build:', '      context: ../..', '      dockerfile: infra/docker-containers/web-image.Dockerfile', '    ports: ["8080:80"]', '  database:', '    image: postgres:17.6', '    env_file: database.env', '    volumes: ["data:/var/lib/postgresql/data"]', 'volumes:', '  data: {}']

const job = (criterion: string): string[] => [`name: ${plain(criterion)}`, 'on: [push]', 'permissions:', '  contents: read', 'jobs:', `  ${kebab(criterion)}:`, '    runs-on: ubuntu-24.04', '    timeout-minutes: 15', '    steps:', '      - uses: actions/checkout@v5', `      - run: make ${kebab(criterion.replace(/\bjob\b/i, ''))}`]

const deployment = (name: string): string[] => [
  'apiVersion: apps/v1', 'kind: Deployment', 'metadata:', `  name: ${name}`, 'spec:', '  replicas: 2', '  selector:', '    matchLabels:', `      app: ${name}`, '  template:', '    metadata:', '      labels:', `        app: ${name}`, '    spec:', '      containers:', `        - name: ${name}`, `          image: registry.example/${name}:1.0.0`, '          securityContext:', '            runAsNonRoot: true', '            readOnlyRootFilesystem: true',
  '          resources:', '            requests: { cpu: 100m, memory: 128Mi }', '            limits: { cpu: 500m, memory: 512Mi }', '          readinessProbe:', '            httpGet: { path: /health, port: 8000 }',
]

const ingress = (name: string): string[] => ['apiVersion: networking.k8s.io/v1', 'kind: Ingress', 'metadata:', `  name: ${name}`, 'spec:', '  rules:', '    - http:', '        paths:', '          - path: /', '            pathType: Prefix', '            backend:', '              service:', '                name: web', '                port: { number: 80 }']

const settings = (criterion: string): string[] => {
  if (/\balert/i.test(criterion)) return ['groups:', '  - name: availability', '    rules:', '      - alert: HighErrorRate', '        expr: sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05', '        for: 10m', '        annotations:', '          summary: More than 5 % of requests fail; look at the API log']
  if (/\b(?:scrape|metrics)\b/i.test(criterion)) return ['scrape_configs:', '  - job_name: api', '    scrape_interval: 15s', '    metrics_path: /metrics', '    static_configs:', '      - targets: ["api:8000"]']
  return ['apiVersion: 1', 'settings:', `  - name: ${kebab(criterion)}`, `    title: ${plain(criterion).replaceAll(':', '')}`, '    enabled: true']
}
