import type { Artifact, Block, Work } from './artifact.ts'
import { kebab, pascal, plain, resource, snake } from './naming.ts'

/** How a criterion is met over HTTP. */
export interface Operation { readonly method: 'get' | 'post' | 'put' | 'delete'; readonly path: string; readonly name: string; readonly kind: 'login' | 'register' | 'reset' | 'list' | 'create' | 'update' | 'remove' }

const kinds: readonly (readonly [RegExp, Operation['kind'], Operation['method']])[] = [
  [/\b(?:log ?in|sign ?in)\b/i, 'login', 'post'], [/\b(?:regist\w+|sign ?up)\b/i, 'register', 'post'], [/\breset\b/i, 'reset', 'post'],
  [/\b(?:remove|delete|cancel|refund)\b/i, 'remove', 'delete'], [/\b(?:update|change|edit|manage|confirm)\b/i, 'update', 'put'],
  [/\b(?:list|search|browse|filter|find|view|show|paging|sorting|history)\b/i, 'list', 'get'],
]

/** The operation that a criterion asks for. Design and code are made from the same one, so that they agree. */
export function operationOf(criterion: string): Operation {
  const [, kind, method] = kinds.find(([pattern]) => pattern.test(criterion)) ?? [/^/, 'create' as const, 'post' as const]
  return { kind, method, name: snake(criterion), path: `/${kebab(criterion.replace(/\bendpoint\b/i, ''))}` }
}

/** A FastAPI router: one endpoint for each criterion. */
export function pythonApi(work: Work): Artifact {
  const operations = work.criteria.map((criterion) => ({ criterion, operation: operationOf(criterion) }))
  const identities = operations.some(({ operation }) => ['login', 'register', 'reset'].includes(operation.kind))
  return {
    path: `backend/${snake(work.title)}/routes.py`,
    head: [
      `"""${plain(work.title)}: HTTP endpoints (${work.id})."""`, '', ...(identities ? ['import hashlib', 'import hmac', 'import secrets', 'import time', ''] : []),
      `from fastapi import APIRouter${identities ? ', HTTPException' : ', HTTPException, Query'}`, 'from pydantic import BaseModel, Field', '',
      `router = APIRouter(prefix="/${resource(work.title)}", tags=["${plain(work.title)}"])`, 'records: dict[str, dict] = {}', '',
      ...(identities ? identityHead : recordHead),
    ],
    blocks: operations.map(({ criterion, operation }): Block => ({ criterion, lines: ['', ...endpoint(criterion, operation, identities)] })),
    foot: [],
  }
}

const recordHead = ['', 'class Entry(BaseModel):', '    """What a client sends."""', '', '    id: str = Field(min_length=1, max_length=64)', '    name: str = Field(min_length=1, max_length=200)', '    quantity: int = Field(default=1, ge=0, le=10_000)']
const identityHead = [
  'ATTEMPTS_PER_MINUTE = 5', 'attempts: dict[str, list[float]] = {}', '', '', 'class Credentials(BaseModel):', '    """What a client sends."""', '', '    email: str = Field(min_length=3, max_length=254)', '    password: str = Field(default="", max_length=200)', '', '',
  'def hash_password(password: str, salt: bytes) -> bytes:', '    """Salted, slow hash: a stolen table does not give the passwords away."""', '    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)', '', '',
  'def limit_rate(email: str) -> None:', '    """At most a few attempts a minute for one address."""', '    now = time.monotonic()', '    recent = [at for at in attempts.get(email, []) if now - at < 60]', '    if len(recent) >= ATTEMPTS_PER_MINUTE:', '        raise HTTPException(status_code=429, detail="too many attempts")', '    attempts[email] = [*recent, now]',
]

function endpoint(criterion: string, { kind, method, name, path }: Operation, identities: boolean): string[] {
  const doc = `    """${plain(criterion)}."""`
  const route = (more = '') => `@router.${method}("${path}${more}")`
  if (identities && kind === 'login') return [
    route(), `def ${name}(credentials: Credentials) -> dict:`, doc, '    limit_rate(credentials.email)', '    user = records.get(credentials.email)', '    salt = user["salt"] if user else b"absent"', '    given = hash_password(credentials.password, salt)',
    '    if user is None or not hmac.compare_digest(given, user["hash"]):', '        raise HTTPException(status_code=401, detail="wrong email or password")', '    return {"token": secrets.token_urlsafe(32)}',
  ]
  if (identities && kind === 'register') return [
    route(), `def ${name}(credentials: Credentials) -> dict:`, doc, '    limit_rate(credentials.email)', '    if credentials.email not in records:', '        salt = secrets.token_bytes(16)', '        records[credentials.email] = {"salt": salt, "hash": hash_password(credentials.password, salt)}', '    return {"status": "check your mail"}',
  ]
  if (identities && kind === 'reset') return [
    route(), `def ${name}(credentials: Credentials) -> dict:`, doc, '    limit_rate(credentials.email)', '    if credentials.email in records:', '        records[credentials.email]["reset"] = secrets.token_urlsafe(32)', '    return {"status": "check your mail"}',
  ]
  const field = identities ? ['credentials: Credentials', 'credentials.email', 'credentials.model_dump(exclude={"password"})'] as const : ['entry: Entry', 'entry.id', 'entry.model_dump()'] as const
  switch (kind) {
    case 'list': return [
      route(), `def ${name}(q: str = ""${identities ? ', limit: int = 20' : ', limit: int = Query(default=20, ge=1, le=100), offset: int = Query(default=0, ge=0)'}) -> list[dict]:`, doc, '    found = [record for record in records.values() if q.lower() in str(record.get("name", "")).lower()]', `    return found[${identities ? ':limit' : 'offset:offset + limit'}]`,
    ]
    case 'remove': return [route('/{record_id}'), `def ${name}(record_id: str) -> dict:`, doc, '    if records.pop(record_id, None) is None:', '        raise HTTPException(status_code=404, detail="no such record")', '    return {"id": record_id}']
    case 'update': return [route('/{record_id}'), `def ${name}(record_id: str, ${field[0]}) -> dict:`, doc, '    if record_id not in records:', '        raise HTTPException(status_code=404, detail="no such record")', `    records[record_id] = ${field[2]}`, '    return records[record_id]']
    case 'create': case 'login': case 'register': case 'reset': return [route(), `def ${name}(${field[0]}) -> dict:`, doc, `    if ${field[1]} in records:`, '        raise HTTPException(status_code=409, detail="exists already")', `    records[${field[1]}] = ${field[2]}`, `    return records[${field[1]}]`]
  }
}

/** SQLAlchemy models: a table for each criterion. */
export function pythonModels(work: Work): Artifact {
  return {
    path: `backend/${snake(work.title)}/models.py`,
    head: [
      `"""${plain(work.title)}: tables (${work.id})."""`, '', 'from datetime import datetime', '', 'from sqlalchemy import DateTime, String, func', 'from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column', '', '', 'class Base(DeclarativeBase):', '    """Base of all tables."""',
    ],
    blocks: work.criteria.map((criterion): Block => {
      const table = criterion.replace(/\s+table$/i, '')
      return { criterion, lines: [
        '', `class ${pascal(table)}(Base):`, `    """${plain(criterion)}."""`, '', `    __tablename__ = "${snake(table)}"`, '', '    id: Mapped[int] = mapped_column(primary_key=True)',
        '    name: Mapped[str] = mapped_column(String(200), index=True)', '    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())',
      ] }
    }),
    foot: [],
  }
}
