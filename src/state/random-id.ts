/** A UUID. `node:crypto` is loaded with the first one (Node 20.16 on), since commands that only look make none and it takes 5 ms. */
export function randomId(): string {
  const node = process as Partial<Pick<NodeJS.Process, 'getBuiltinModule'>>
  return (node.getBuiltinModule?.('node:crypto') ?? crypto).randomUUID()
}
