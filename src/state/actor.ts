import type { ProcessIdentity } from './process.ts'

/** Who acts in a transition: this process, and its maker of ids. */
export interface Actor { readonly self: ProcessIdentity; readonly newId: () => string }
