import type { ToHost, ToWebview } from '../src/vscode/protocol.ts'

interface VsCodeApi { postMessage(message: ToHost): void; getState(): unknown; setState(state: unknown): void }

/** The typed line to the extension. */
export interface Host { post(message: ToHost): void; listen(receive: (message: ToWebview) => void): void; getState(): unknown; setState(state: unknown): void }

/** VS Code's API, or a stand-in where the page is opened alone in a browser: state is kept in memory, messages go to nobody. */
export function connect(): Host {
  const acquire: unknown = Reflect.get(globalThis, 'acquireVsCodeApi')
  let kept: unknown
  const alone: VsCodeApi = { postMessage: () => undefined, getState: () => kept, setState: (state) => { kept = state } }
  const api = typeof acquire === 'function' ? (acquire as () => VsCodeApi)() : alone
  return {
    post: (message) => { api.postMessage(message) },
    getState: () => api.getState(),
    setState: (state) => { api.setState(state) },
    listen: (receive) => { window.addEventListener('message', (event: MessageEvent<unknown>) => { if (isMessage(event.data)) receive(event.data) }) },
  }
}

const types: readonly unknown[] = ['plan', 'empty', 'error', 'select'] satisfies ToWebview['type'][]
/** Other scripts of the frame post messages too: what is not ours is not for us. */
const isMessage = (data: unknown): data is ToWebview => typeof data === 'object' && data !== null && 'type' in data && types.includes(data.type)
