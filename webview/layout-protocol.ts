import type { TaskGraph } from '../src/drawing/graph.ts'
import type { Layout } from '../src/drawing/layout.ts'

/** Page -> worker. Only the newest `id` counts. */
export interface LayoutRequest { readonly id: number; readonly graph: TaskGraph; readonly simplified: boolean }
/** Worker -> page; the layout's buffers are handed over, not copied. */
export type LayoutAnswer = { readonly id: number; readonly layout: Layout; readonly ms: number } | { readonly id: number; readonly error: string }
