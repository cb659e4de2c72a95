import type { PrdFile, RequirementFile } from './schema.ts'
import type { Prd, Requirement } from './task.ts'

export function prdOf(file: PrdFile): Prd {
  const requirements = (list: RequirementFile[] | undefined): Requirement[] => (list ?? []).map(({ id, title, description, acceptance_criteria: criteria }) => (
    { id, ...(title === undefined ? {} : { title }), description, acceptanceCriteria: criteria ?? [] }))
  return {
    project: file.project, problem: file.problem ?? '', users: file.users ?? [], technology: file.technology ?? [], constraints: file.constraints ?? [], successMetrics: file.success_metrics ?? [],
    mustHave: requirements(file.requirements?.must_have), shouldHave: requirements(file.requirements?.should_have),
  }
}

export function prdKeys(prd: Prd): Record<string, unknown> {
  const requirements = (list: readonly Requirement[]): unknown[] => list.map(({ id, title, description, acceptanceCriteria }) => (
    { id, ...(title === undefined ? {} : { title }), description, acceptance_criteria: acceptanceCriteria }))
  return {
    project: prd.project, problem: prd.problem, users: prd.users, requirements: { must_have: requirements(prd.mustHave), should_have: requirements(prd.shouldHave) },
    technology: prd.technology, constraints: prd.constraints, success_metrics: prd.successMetrics,
  }
}
