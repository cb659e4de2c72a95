import type { DrawnPlan } from '../drawing/model.ts'

/** Host -> webview. Whole snapshots: a view that was hidden needs no history. */
export type ToWebview =
  | { readonly type: 'plan'; readonly plan: DrawnPlan }
  | { readonly type: 'empty' }
  | { readonly type: 'error'; readonly message: string; readonly file: string | undefined }
  | { readonly type: 'select'; readonly task: string | undefined }

/** Webview -> host. */
export type ToHost =
  /** First message: the page listens now. Nothing is posted to it before. */
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly task: string | undefined }
  | { readonly type: 'run'; readonly task: string }
  | { readonly type: 'openTask'; readonly task: string }
  | { readonly type: 'command'; readonly command: 'plan' | 'openSample' | 'retry' }
  /** `content`: SVG text, or a PNG as base64. */
  | { readonly type: 'export'; readonly format: 'svg' | 'png'; readonly content: string }
