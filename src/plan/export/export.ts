import { csvOf } from './csv.ts'
import type { Exported, ExportedPlan, ExportFormat } from './exported.ts'
import { mermaidGanttOf } from './mermaid.ts'
import { msProjectOf } from './ms-project.ts'
import { taskMasterOf } from './task-master.ts'

/** The plan in a format that other programs read. Throws UserError('input') where the format can't hold it. */
export function exportPlan(plan: ExportedPlan, format: ExportFormat): Exported {
  switch (format) {
    case 'taskmaster': return taskMasterOf(plan)
    case 'mermaid': return mermaidGanttOf(plan)
    case 'csv': return csvOf(plan)
    case 'msproject-xml': return msProjectOf(plan)
  }
}
