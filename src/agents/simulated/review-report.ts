import type { Call, Result } from './script.ts'

export interface Check { readonly name: string; readonly pass: boolean }
export interface Finding { readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'info'; readonly file: string | null; readonly line: number | null; readonly text: string }
export interface Report { readonly checks: readonly Check[]; readonly findings: readonly Finding[]; readonly clean: string; readonly noted: string }
/** Looks with tools, and ends with what it saw. */
export type Look = Generator<readonly Call[], Report, readonly Result[]>
