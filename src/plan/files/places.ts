/** Where the files of a plan are, from the root of the workspace. */
export const tasksFolder = 'docs/planning/tasks'
export const prdPath = 'docs/planning/PROJECT_PRD.json'
export const sprintsFolder = 'docs/sprints'
