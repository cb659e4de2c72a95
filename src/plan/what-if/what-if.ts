import { at } from '../at.ts'
import { estimatedTasks, type EstimatedTask } from '../forecast/forecast.ts'
import type { TaskId, TrackId } from '../ids.ts'
import { makePlan } from '../make-plan.ts'
import { networkOf, slackOf } from '../forecast/monte-carlo.ts'
import { placedSchedule } from '../schedule/placed-schedule.ts'
import type { Plan, PlanOptions, Strategy } from '../plan.ts'
import type { Task } from '../task.ts'
import { applyChanges, type Variant } from './change.ts'
import { exactHours } from '../graph/units.ts'

/** What a change does to the finish. Hours are estimated; a negative gain is a delay. */
export interface Outcome {
  readonly change: string
  readonly strategy: Strategy
  readonly tracks: number
  /** Of the plan that the planner makes then, or of the plan that is there where that is shorter. */
  readonly hours: number
  readonly gainHours: number
  /** With tracks and order of the tasks as they are; undefined where the change is in these. A split task's halves follow one another then. */
  readonly keptHours?: number
}

/** The changes of a kind that were tried, those that gain most first. `of`: how many there were to try. */
export interface Tried { readonly tried: number; readonly of: number; readonly gains: readonly Outcome[] }

/** What it costs that a task takes half as long again, if tracks and order stay. */
export interface Overrun { readonly task: TaskId; readonly slackHours: number; readonly moreHours: number; readonly delayHours: number }

export interface WhatIf {
  readonly tasks: number
  readonly strategy: Strategy
  readonly tracks: number
  readonly hours: number
  /** The track that has work for all of the time, so that no change of order can shorten the plan; undefined: there is none. */
  readonly fullTrack?: { readonly id: TrackId; readonly name: string }
  /** The strategy's plan on other numbers of tracks, and the shortest schedule found. */
  readonly byTracks: readonly { readonly tracks: number; readonly hours: number; readonly bestHours: number }[]
  readonly otherStrategy: Outcome
  readonly withoutDependency: Tried
  readonly split: Tried
  /** Of every task, the greatest delay first. */
  readonly overruns: readonly Overrun[]
}

/** How many changes of one kind are tried: each is a plan of its own. */
const triesFor = (tasks: number): number => Math.min(20, Math.max(4, Math.floor(3000 / tasks)))
const overrunShare = 0.5

/** A plan and what it takes to compare others with it: all by the same planner, with the same strategy, on as many tracks as it uses. */
export class Comparison {
  private readonly order: readonly EstimatedTask[]
  private readonly options: PlanOptions

  /** Throws UserError where the tasks can't be planned. */
  static of(tasks: readonly Task[], options: PlanOptions): Comparison { return new Comparison(tasks, options, makePlan(tasks, options)) }

  private constructor(private readonly tasks: readonly Task[], options: PlanOptions, readonly plan: Plan) {
    this.options = { ...options, tracks: plan.usedTracks, allowIdleTracks: true, isForLength: true }
    this.order = estimatedTasks(plan, tasks)
  }

  outcome({ text, changes }: Variant): Outcome {
    const changed = applyChanges(this.tasks, this.options, changes)
    const plan = makePlan(changed.tasks, changed.options)
    const isKept = changes.every(({ kind }) => kind !== 'tracks' && kind !== 'strategy')
    const kept = isKept ? this.kept(changed.tasks) : undefined
    const hours = kept === undefined ? plan.makespanHours : Math.min(kept, plan.makespanHours)
    return { change: text, strategy: plan.strategy, tracks: plan.usedTracks, hours, gainHours: exactHours(this.plan.makespanHours - hours), ...(kept === undefined ? {} : { keptHours: kept }) }
  }

  overview(): WhatIf {
    const { plan } = this
    const slack = slackOf(networkOf(this.order), Float64Array.from(this.order, ({ hours }) => hours))
    const full = plan.tracks.find((track) => track.hours === plan.makespanHours)
    return {
      tasks: plan.tasks, strategy: plan.strategy, tracks: plan.usedTracks, hours: plan.makespanHours, ...(full === undefined ? {} : { fullTrack: { id: full.id, name: full.name } }),
      byTracks: this.byTracks(), otherStrategy: this.otherStrategy(),
      withoutDependency: this.tryAll(this.dependenciesToTry(slack)), split: this.tryAll(this.splitsToTry(slack)),
      overruns: this.order.map(({ id, hours }, i): Overrun => {
        const more = hours * overrunShare
        return { task: id, slackHours: exactHours(at(slack, i)), moreHours: exactHours(more), delayHours: exactHours(Math.max(0, more - at(slack, i))) }
      }).sort((a, b) => b.delayHours - a.delayHours || a.slackHours - b.slackHours),
    }
  }

  /** Every number of tracks of the curve; of large plans the neighbours only. */
  private byTracks(): WhatIf['byTracks'] {
    const { curve, usedTracks, makespanHours } = this.plan
    const near = curve.length <= triesFor(this.plan.tasks) ? curve : curve.filter(({ tracks }) => Math.abs(tracks - usedTracks) <= 1)
    return near.map(({ tracks, hours }) => ({ tracks, bestHours: hours, hours: tracks === usedTracks ? makespanHours : makePlan(this.tasks, { ...this.options, tracks }).makespanHours }))
  }

  private otherStrategy(): Outcome {
    const strategy = this.plan.strategy === 'component' ? 'balanced' : 'component'
    return this.outcome({ text: `strategy=${strategy}`, changes: [{ kind: 'strategy', strategy }] })
  }

  private tryAll(variants: readonly Variant[]): Tried {
    const tried = variants.slice(0, triesFor(this.plan.tasks)).map((variant) => this.outcome(variant))
    return { tried: tried.length, of: variants.length, gains: tried.filter(({ gainHours }) => gainHours > 0).sort((a, b) => b.gainHours - a.gainHours) }
  }

  /** The dependencies that critical tasks of this schedule start right after, and those of the critical path of the graph: others hold nothing up. Those between long tasks first. */
  private dependenciesToTry(slack: Float64Array): Variant[] {
    const places = new Map(this.plan.schedule.map((place) => [place.task, place]))
    const path = new Set(this.plan.criticalPath.tasks.map((id, i, list) => `${list[i - 1] ?? ''} ${id}`))
    const own = new Map(this.tasks.map((task) => [task.id, task.dependencies]))
    return this.order.flatMap(({ id }, i) => (own.get(id) ?? []).flatMap((dependsOn) => {
      const [before, after] = [places.get(dependsOn), places.get(id)]
      if (before === undefined || after === undefined) return []
      const isTight = isZero(at(slack, i)) && before.finish === after.start
      const weight = Math.min(before.finish - before.start, after.finish - after.start)
      return isTight || path.has(`${dependsOn} ${id}`) ? [{ weight, variant: { text: `without ${id}->${dependsOn}`, changes: [{ kind: 'without', task: id, dependsOn }] as const } }] : []
    })).sort((a, b) => b.weight - a.weight).map(({ variant }) => variant)
  }

  /** Critical tasks, of this schedule or of the graph, the longest first. */
  private splitsToTry(slack: Float64Array): Variant[] {
    const path = new Set(this.plan.criticalPath.tasks)
    return this.order.filter(({ id }, i) => isZero(at(slack, i)) || path.has(id)).sort((a, b) => b.hours - a.hours)
      .map(({ id }) => ({ text: `split ${id}`, changes: [{ kind: 'split', task: id }] }))
  }

  /** The makespan of the changed tasks with tracks and order as they are; what is new comes right after the task that it was split from. */
  private kept(tasks: readonly Task[]): number {
    const places = new Map(this.order.map(({ id, track }, place) => [id, { place, track }]))
    let last = { place: 0, track: at(this.order, 0).track }
    const placed = tasks.map((task) => {
      last = places.get(task.id) ?? last
      return { task, ...last }
    })
    const tracks = new Map(placed.map(({ task, track }) => [task.id, track]))
    return placedSchedule(placed.sort((a, b) => a.place - b.place).map(({ task }) => task), (id) => tracks.get(id) ?? last.track).makespanHours
  }
}

const isZero = (hours: number): boolean => Math.abs(hours) < 1e-6
