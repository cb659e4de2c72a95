import type { TrackId } from '../plan/ids.ts'
import { Transcript, type SpokenEvent } from './transcript.ts'

/** Events after which a track's lines are a whole that can be read: they are printed together. */
const ends = new Set<SpokenEvent['type']>(['task.completed', 'task.failed', 'task.waiting', 'sprint.completed', 'track.completed', 'run.interrupted', 'error'])

/**
 * Prints the transcripts of a run. One track is printed line by line; of several at once, each is held until a task, a review or the track has
 * ended, so that no two tracks mix their lines. Whose lines they are stands above them when it changes.
 */
export class TranscriptPrinter {
  private readonly transcripts = new Map<TrackId | undefined, { readonly transcript: Transcript; held: string[] }>()
  private readonly names = new Map<TrackId, string>()
  private last: TrackId | undefined

  constructor(private readonly tracksAtOnce: number, private readonly write: (text: string) => void) {}

  event(event: SpokenEvent): void {
    if (event.type === 'track.started' && event.track !== undefined) this.names.set(event.track, event.data.name)
    if (event.type === 'run.interrupted') this.flushAll()
    const mine = this.of(event.track)
    mine.held.push(...mine.transcript.lines(event))
    const whole = this.tracksAtOnce < 2 || event.track === undefined || ends.has(event.type)
    if (whole) this.flush(event.track)
  }

  private of(track: TrackId | undefined): { readonly transcript: Transcript; held: string[] } {
    const known = this.transcripts.get(track)
    if (known !== undefined) return known
    const made = { transcript: new Transcript(), held: [] }
    this.transcripts.set(track, made)
    return made
  }

  private flush(track: TrackId | undefined): void {
    const mine = this.of(track)
    if (mine.held.length === 0) return
    if (this.tracksAtOnce > 1 && track !== undefined && track !== this.last) this.write(`── Track ${Number(track)} (${this.names.get(track) ?? track}) ${'─'.repeat(24)}\n`)
    if (track !== undefined) this.last = track
    this.write(`${mine.held.join('\n')}\n`)
    mine.held = []
  }

  private flushAll(): void { for (const track of this.transcripts.keys()) this.flush(track) }
}
