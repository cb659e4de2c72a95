import { design } from './design.ts'
import { document } from './document.ts'
import { implement, type Luck } from './implement.ts'
import { prd, tasks } from './planning.ts'
import { review } from './review.ts'
import type { Request, Script } from './script.ts'
import { writeTests } from './test-writer.ts'
import { validate } from './validate.ts'

/** The script for a kind of work. Only the developer's depends on luck. */
export function scriptOf(request: Request, luck: Luck): Script {
  switch (request.subject.kind) {
    case 'design': return design(request)
    case 'implement': return implement(request, luck)
    case 'test': return writeTests(request)
    case 'validate': return validate(request)
    case 'review': return review(request)
    case 'document': return document(request)
    case 'prd': return prd(request)
    case 'tasks': return tasks(request)
  }
}
