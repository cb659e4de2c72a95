import type { TaskGraph } from '../src/drawing/graph.ts'
import type { Layout } from '../src/drawing/layout.ts'

/** A layout that outlives the page: VS Code throws a hidden webview away, and the same graph need not be laid out again. */
interface KeptLayout { readonly key: string; readonly positions: number[]; readonly bends: number[]; readonly bendStart: number[]; readonly width: number; readonly height: number; readonly pipeline: Layout['pipeline']; readonly independent: Layout['independent'] | null }

const mostKept = 1500

/** Names the graph alone: a change of status does not change it. Ids, edges and the critical path, by FNV-1a twice with different seeds. */
export function graphKey(graph: TaskGraph): string {
  const text = `${graph.ids.join('\n')}\n${graph.edges.join(',')}\n${graph.critical.join('')}`
  const hash = (seed: number) => { let value = seed; for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193); return (value >>> 0).toString(36) }
  return `${graph.ids.length}.${text.length}.${hash(0x811c9dc5)}.${hash(0x9e3779b9)}`
}

export function keepLayout(key: string, layout: Layout): KeptLayout | undefined {
  const { positions, bends, bendStart, width, height, pipeline, independent } = layout
  return positions.length > mostKept * 2 ? undefined : { key, positions: [...positions], bends: [...bends], bendStart: [...bendStart], width, height, pipeline, independent: independent ?? null }
}

/** The kept layout, if there is one for this graph and it is whole. */
export function keptLayout(state: unknown, key: string, graph: TaskGraph): Layout | undefined {
  if (typeof state !== 'object' || state === null) return undefined
  const kept = state as Partial<KeptLayout>
  const { positions, bends, bendStart, width, height, pipeline, independent } = kept
  if (kept.key !== key || positions?.length !== graph.ids.length * 2 || bends === undefined || bendStart?.length !== graph.edges.length / 2 + 1 || width === undefined || height === undefined || pipeline === undefined) return undefined
  return { positions: Float32Array.from(positions), bends: Float32Array.from(bends), bendStart: Uint32Array.from(bendStart), width, height, pipeline, independent: independent ?? undefined }
}
