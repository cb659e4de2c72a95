import { taskGraph } from './graph.ts'
import { layoutGraph } from './layout.ts'
import type { DrawnPlan } from './model.ts'
import { darkPalette, lightPalette } from './palette.ts'
import { graphScene, pictureOf } from './scene.ts'
import { exportScene, svgDocument, titleOf } from './svg-document.ts'
import { averageWidth } from './text-fit.ts'

/**
 * The dependency picture as an SVG document that stands alone: title, legend, real text.
 * @throws UserError where the plan's dependencies are no graph (unknown id, cycle).
 */
export function svgOf(plan: DrawnPlan, options: { readonly theme?: 'light' | 'dark'; readonly title?: string; readonly date?: string } = {}): string {
  const graph = taskGraph(plan.tasks)
  const palette = options.theme === 'dark' ? darkPalette : lightPalette
  const scene = graphScene(pictureOf(plan, graph, layoutGraph(graph)), { palette, measure: averageWidth, detail: 'full' })
  return svgDocument(exportScene(plan, scene, { palette, measure: averageWidth, title: options.title, date: options.date }), palette, titleOf(plan, options.title))
}
