export interface ShortcutActions { readonly search: () => void; readonly fit: () => void; readonly zoom: (closer: boolean) => void; readonly nextCritical: () => void; readonly family: () => void; readonly escape: () => void }

/** Single keys; where a person types they are letters, and with Ctrl, Cmd or Alt they belong to VS Code. */
export function shortcuts(actions: ShortcutActions): void {
  const keys: Readonly<Record<string, () => void>> = { '/': actions.search, 0: actions.fit, '+': () => actions.zoom(true), '=': () => actions.zoom(true), '-': () => actions.zoom(false), c: actions.nextCritical, f: actions.family, Escape: actions.escape }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return
    const run = keys[event.key]
    if (run === undefined) return
    event.preventDefault()
    run()
  })
}
