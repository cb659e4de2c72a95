import { usualForecast } from '../../plan/forecast/forecast.ts'
import { forecastText } from '../../report/forecast-text.ts'
import { forecastProject } from '../../run/forecast-project.ts'
import { modelOverrides } from '../agents.ts'
import { printJson, wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

export interface ForecastCommandOptions extends CommonOptions { readonly runs?: string; readonly seed?: string; readonly model?: readonly string[] }

/** `devteam forecast`: how long the rest may take. Writes nothing. */
export const forecastCommand = (shell: Shell, options: ForecastCommandOptions): Promise<number> => withState(shell, async (state) => {
  const runs = options.runs === undefined ? usualForecast.runs : wholeNumber(options.runs, 'The number of draws')
  const seed = options.seed === undefined ? usualForecast.seed : wholeNumber(options.seed, 'The seed')
  const report = await forecastProject(await planOf(state), { root: shell.cwd, media: shell.media, state, models: modelOverrides(options.model ?? []), options: { runs, seed } })
  if (shell.json) printJson(shell, report)
  else shell.out(`${forecastText(report)}\n`)
  return 0
})
