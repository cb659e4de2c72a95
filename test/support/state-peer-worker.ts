// A process that asks the state for what it is told on standard input, an operation as JSON a line, and prints what it was told:
// `state-peer-worker.ts ROOT`. The plan is the one that was saved, as JSON in its second argument.
import { createInterface } from 'node:readline'
import { openState } from '../../src/state/state.ts'
import type { SavedPlan } from '../unit/state/support.ts'
import type { Operation } from './state-model.ts'
import { StatePeer } from './state-peer.ts'

const [root = '', plan = ''] = process.argv.slice(2)
const state = await openState(root)
const peer = new StatePeer(state, JSON.parse(plan) as SavedPlan)
for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${await peer.perform(JSON.parse(line) as Operation)}\n`)
await state.close()
