import type { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema'

/**
 * A JSON schema as the API takes it for an answer: closed objects, and limits (which the API refuses) as text in the description. The bounds of a
 * safe integer, which zod writes for every whole number, say nothing to a model and are dropped. `transform` is the SDK's, handed in so that
 * the SDK is only loaded when a model is called.
 */
export const answerSchema = (schema: Readonly<Record<string, unknown>>, transform: typeof transformJSONSchema): Record<string, unknown> => transform(JSON.parse(JSON.stringify(schema, withoutSafeBounds)) as Record<string, unknown>)

const withoutSafeBounds = (key: string, value: unknown): unknown => ((key === 'minimum' && value === Number.MIN_SAFE_INTEGER) || (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) ? undefined : value)
