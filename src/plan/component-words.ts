/**
 * Words that say to which part of a project something belongs; the first part that matches is taken. `alone`: words that say so as a label or a
 * folder, and too little in a sentence.
 */
const vocabulary: readonly { readonly component: string; readonly words: string; readonly alone: string }[] = [
  { component: 'infrastructure', words: 'docker\\w*|kubernetes|k8s|deploy\\w*|ci|ci/cd|pipelines?|monitoring|backups?|terraform|infra\\w*|hosting|devops', alone: 'helm|cd|ci-cd|ops|observability|\\.github' },
  { component: 'frontend', words: 'ui|front-?end|pages?|screens?|forms?|react|vue|views?|web client|dashboard|mobile', alone: 'ux|svelte|angular|web|client|ios|android' },
  { component: 'documentation', words: 'docs?|documentation|guides?|manual|readme', alone: 'changelog' },
  { component: 'tests', words: 'tests?|testing|qa', alone: 'e2e|__tests__' },
  { component: 'backend', words: 'api|back-?end|servers?|services?|endpoints?|databases?|schema|auth\\w*|login|payments?|rest|graphql|postgres\\w*|sqlite', alone: 'db|apis|migrations' },
]
const labels = vocabulary.map(({ component, words, alone }) => [component, new RegExp(`^(?:${words}|${alone})$`, 'i')] as const)
const sentences = vocabulary.map(({ component, words }) => [component, new RegExp(`\\b(?:${words})\\b`, 'i')] as const)

/** The component that a label or a folder names: the whole of it is such a word. */
export const componentNamed = (word: string): string | undefined => labels.find(([, pattern]) => pattern.test(word.trim()))?.[0]

/** The component that a heading or a title speaks of. */
export const componentSpokenOf = (text: string): string | undefined => sentences.find(([, pattern]) => pattern.test(text))?.[0]
