import { inspect } from 'node:util'
import type { TaskId, TrackId } from '../../src/plan/ids.ts'
import type { TaskStatus } from '../../src/state/rows.ts'

/** What one process asks of the state. A process has at most one session; `track` stands for the lease that it last got for it. */
export type Operation = { readonly by: number } & (
  | { readonly kind: 'start' }
  | { readonly kind: 'end' | 'note' | 'save' }
  | { readonly kind: 'acquire' | 'claim' | 'complete' | 'fail' | 'put back' | 'retry' | 'beat' | 'release' | 'reset'; readonly track: TrackId }
  | { readonly kind: 'reset all' }
)

/** One task of the plan, in plan order. */
export interface PlannedTask { readonly id: TaskId; readonly track: TrackId; readonly dependencies: readonly TaskId[] }
/** How a process looks to others: its host, and whether it is dead in truth. */
export interface Looks { readonly host: string; readonly dead: boolean }

interface ModelTask { status: TaskStatus; session: number | undefined }
interface ModelLease { readonly token: number; readonly session: number; readonly by: number; beat: number }
interface ModelProcess { looks: Looks; session: number | undefined; readonly leases: Map<TrackId, { readonly token: number; readonly session: number }>; readonly inHand: Map<TrackId, TaskId> }

const patienceMs = 60_000

/**
 * What the state should do, in memory and one operation at a time. `apply` gives what the caller is told: `ok`, `held`, `lost`, `input`,
 * `refused` (a bug of the caller), `idle` (it has nothing to ask with), or what was claimed.
 */
export class StateModel {
  clock = 0
  events = 1 // the plan was saved
  private readonly tasks = new Map<TaskId, ModelTask>()
  private readonly leases = new Map<TrackId, ModelLease>()
  private readonly running = new Map<number, number>()
  private readonly processes: ModelProcess[]
  private ids = 0

  constructor(private readonly plan: readonly PlannedTask[], looks: readonly Looks[]) {
    this.processes = looks.map((each) => ({ looks: each, session: undefined, leases: new Map(), inHand: new Map() }))
    for (const { id } of plan) this.tasks.set(id, { status: 'pending', session: undefined })
  }

  copy(): StateModel {
    const copy = new StateModel(this.plan, [])
    Object.assign(copy, structuredClone({ clock: this.clock, events: this.events, tasks: this.tasks, leases: this.leases, running: this.running, processes: this.processes, ids: this.ids }))
    return copy
  }

  /** The same for models that will say the same of whatever follows. */
  fingerprint(): string { return inspect([this.tasks, this.leases, this.running, this.processes], { depth: null, maxArrayLength: null, breakLength: Infinity }) }

  /** Who got which track, lost or not: with these, an operation asks for something. */
  hands(): { by: number; track: TrackId }[] { return this.processes.flatMap((each, index) => [...each.leases.keys()].map((track) => ({ by: index, track }))) }

  /** Everything that a reader can see, to be compared. */
  seen(): { tasks: string[]; held: string[]; events: number } {
    return { tasks: this.plan.map(({ id }) => `${id} ${this.task(id).status}`), held: [...this.leases.keys()].sort(), events: this.events }
  }

  /** Process `by` is gone; another takes its place and knows nothing of it. What it held stays, as of a dead one. */
  crash(by: number): void {
    const gone = this.process(by)
    this.processes[by] = { looks: gone.looks, session: undefined, leases: new Map(), inHand: new Map() }
    const grave = this.processes.push({ ...gone, looks: { ...gone.looks, dead: true } }) - 1
    for (const [track, lease] of this.leases) if (lease.by === by) this.leases.set(track, { ...lease, by: grave })
    for (const [session, owner] of this.running) if (owner === by) this.running.set(session, grave)
  }

  apply(operation: Operation): string {
    const me = this.process(operation.by)
    if (operation.kind === 'start') return this.start(operation.by)
    if (me.session === undefined) return 'idle'
    switch (operation.kind) {
      case 'end': return this.endSession(me.session)
      case 'note': this.events += 1; return 'ok'
      case 'save': return this.save(operation.by)
      case 'reset all': return this.reset(operation.by, undefined)
      case 'reset': return this.reset(operation.by, operation.track)
      case 'acquire': return this.acquire(operation.by, operation.track, me.session)
      default: return this.withLease(operation.kind, me, operation.track)
    }
  }

  private start(by: number): string {
    for (const [session, owner] of [...this.running]) if (this.process(owner).looks.host === this.process(by).looks.host && !this.alive(owner, by, 0)) this.endSession(session)
    const session = ++this.ids
    this.running.set(session, by)
    this.process(by).session = session
    return 'ok'
  }

  private endSession(session: number): string {
    for (const [track, lease] of [...this.leases]) if (lease.session === session) this.endLease(track)
    this.running.delete(session)
    return 'ok'
  }

  private acquire(by: number, track: TrackId, session: number): string {
    if (!this.running.has(session)) return 'held'
    const held = this.leases.get(track)
    if (held?.session !== session) {
      if (held !== undefined && this.alive(held.by, by, this.clock - held.beat)) return 'held'
      this.endLease(track)
      this.leases.set(track, { token: ++this.ids, session, by, beat: this.clock })
    }
    this.process(by).leases.set(track, { token: this.leases.get(track)?.token ?? 0, session })
    return 'ok'
  }

  private withLease(kind: 'claim' | 'complete' | 'fail' | 'put back' | 'retry' | 'beat' | 'release', me: ModelProcess, track: TrackId): string {
    const mine = me.leases.get(track)
    const inHand = me.inHand.get(track)
    if (mine === undefined || (inHand === undefined && ['complete', 'fail', 'put back'].includes(kind))) return 'idle'
    const held = this.leases.get(track)
    if (held?.token !== mine.token) return kind === 'release' ? 'ok' : 'lost'
    switch (kind) {
      case 'claim': return this.claim(me, track, mine.session)
      case 'complete': return this.finish(inHand, 'completed', mine.session)
      case 'fail': return this.finish(inHand, 'failed', mine.session)
      case 'put back': if (inHand !== undefined && this.task(inHand).status === 'in_progress') this.renew(inHand); break
      case 'retry': for (const { id } of this.of(track)) if (this.task(id).status === 'failed') this.renew(id); break
      case 'beat': held.beat = this.clock; return 'ok'
      case 'release': this.endLease(track); return 'ok'
    }
    this.settle()
    return 'ok'
  }

  private claim(me: ModelProcess, track: TrackId, session: number): string {
    const all = this.of(track)
    const first = all.find(({ id }) => this.task(id).status === 'in_progress') ?? all.find(({ id, dependencies }) => this.task(id).status === 'pending' && dependencies.every((each) => this.task(each).status === 'completed'))
    if (first === undefined) {
      const waiting = all.find(({ id }) => this.task(id).status === 'pending')
      return waiting === undefined ? 'none' : `waiting ${waiting.id}`
    }
    const task = this.task(first.id)
    if (task.status === 'pending') this.tasks.set(first.id, { status: 'in_progress', session })
    me.inHand.set(track, first.id)
    return `claimed ${first.id}`
  }

  /** A repeated one is told the same again, and writes nothing. */
  private finish(id: TaskId | undefined, end: 'completed' | 'failed', session: number): string {
    const task = id === undefined ? undefined : this.task(id)
    if (id === undefined || task?.session !== session || (task.status !== 'in_progress' && task.status !== end)) return 'refused'
    if (task.status === end) return 'ok'
    task.status = end
    this.events += 1
    const before = this.count('blocked')
    this.settle()
    this.events += Math.max(0, this.count('blocked') - before)
    return 'ok'
  }

  private reset(by: number, track: TrackId | undefined): string {
    if (this.heldByAnother(by, track)) return 'held'
    for (const each of [...this.leases.keys()]) if (track === undefined || each === track) this.endLease(each)
    const before = this.count('pending')
    for (const { id, track: own } of this.plan) if (track === undefined || own === track) this.renew(id)
    this.settle()
    if (this.count('pending') > before) this.events += 1
    return `${this.count('pending') - before} tasks`
  }

  private save(by: number): string {
    if (this.heldByAnother(by, undefined)) return 'held'
    // The leases of the dead end with the plan, and what they had in hand is pending then.
    const before = this.copy()
    for (const each of [...this.leases.keys()]) this.endLease(each)
    if (this.count('completed') + this.count('in_progress') > 0) {
      Object.assign(this, before)
      return 'input'
    }
    for (const { id } of this.plan) this.renew(id)
    this.events += 1
    return 'ok'
  }

  private heldByAnother(by: number, track: TrackId | undefined): boolean {
    return [...this.leases].some(([each, lease]) => (track === undefined || each === track) && this.alive(lease.by, by, this.clock - lease.beat))
  }

  private alive(who: number, to: number, silentMs: number): boolean {
    const [one, other] = [this.process(who).looks, this.process(to).looks]
    return who === to || (one.host === other.host ? !one.dead : silentMs < patienceMs)
  }

  private endLease(track: TrackId): void {
    this.leases.delete(track)
    for (const { id } of this.of(track)) if (this.task(id).status === 'in_progress') this.renew(id)
    this.settle()
  }

  /** A task that nobody has begun is blocked exactly when it depends, directly or not, on a failed one. */
  private settle(): void {
    const behind = new Set<TaskId>()
    for (const { id, dependencies } of this.plan) if (dependencies.some((each) => behind.has(each) || this.task(each).status === 'failed')) behind.add(id)
    for (const { id } of this.plan) {
      const task = this.task(id)
      if (task.status === 'pending' || task.status === 'blocked') task.status = behind.has(id) ? 'blocked' : 'pending'
    }
  }

  private of(track: TrackId): PlannedTask[] { return this.plan.filter((each) => each.track === track) }
  private renew(id: TaskId): void { this.tasks.set(id, { status: 'pending', session: undefined }) }
  private count(status: TaskStatus): number { return [...this.tasks.values()].filter((each) => each.status === status).length }

  private task(id: TaskId): ModelTask {
    const found = this.tasks.get(id)
    if (found === undefined) throw new Error(`the plan has no ${id}`)
    return found
  }

  private process(index: number): ModelProcess {
    const found = this.processes[index]
    if (found === undefined) throw new Error(`there is no process ${index}`)
    return found
  }
}
