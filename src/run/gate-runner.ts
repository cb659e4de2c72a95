import type { EventPlace } from '../state/event.ts'
import type { RunContext } from './context.ts'
import { runGates, type GateResult } from './gates.ts'

/** Runs the gates of the run and tells each of them as an event of `place`. */
export const runToldGates = (run: RunContext, place: EventPlace): Promise<GateResult[]> =>
  runGates(run.gates, run.directory.path, run.signal, ({ name, ...gate }) => run.journal.note({ ...place, type: 'gate.completed', data: { gate: name, ...gate } }))
