/** Sizes of the dependency picture, in its own pixels (scale 1). */
export const nodeWidth = 188
export const nodeHeight = 46
/** Between two columns: room for an S-curve and an arrowhead. */
export const columnGap = 52
/** Between two cards of a column. */
export const rowGap = 14
/** From one column's left edge to the next one's. */
export const columnPitch = nodeWidth + columnGap
export const rowPitch = nodeHeight + rowGap
/** Between a component of several rows and what is below it. */
export const componentGap = 34
/** Above the grid of the tasks without any edge: its heading stands here. */
export const headingGap = 40
