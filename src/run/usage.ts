import type { ExecutorResult, Tokens } from '../agents/executor.ts'

/** Sums what roles used. A cost that is unknown once stays unknown. */
export class Usage {
  tokens: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
  costUsd: number | undefined = 0

  add(used: Pick<ExecutorResult, 'tokens' | 'costUsd'>): void {
    const a = this.tokens
    const b = used.tokens
    this.tokens = { input: a.input + b.input, output: a.output + b.output, cacheRead: a.cacheRead + b.cacheRead, cacheWrite: a.cacheWrite + b.cacheWrite }
    this.costUsd = this.costUsd === undefined || used.costUsd === undefined ? undefined : this.costUsd + used.costUsd
  }
}

export const allTokens = (tokens: Tokens): number => tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite
