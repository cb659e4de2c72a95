import { layoutGraph } from '../src/drawing/layout.ts'
import type { LayoutAnswer, LayoutRequest } from './layout-protocol.ts'

interface WorkerScope { onmessage: ((event: MessageEvent<LayoutRequest>) => void) | null; postMessage(message: LayoutAnswer, transfer: Transferable[]): void }
// The compiler knows the page's globals only; in a worker the global object is this.
const scope = globalThis as unknown as WorkerScope

scope.onmessage = ({ data: { id, graph, simplified } }) => {
  const begun = performance.now()
  try {
    const layout = layoutGraph({ ...graph, simplified })
    scope.postMessage({ id, layout, ms: performance.now() - begun }, [layout.positions.buffer, layout.bends.buffer, layout.bendStart.buffer])
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) }, [])
  }
}
