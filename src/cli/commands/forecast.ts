import { readTasks } from '../../plan/files/read.ts'
import { usualForecast } from '../../plan/forecast/forecast.ts'
import { forecastReport } from '../../report/forecast.ts'
import { forecastText } from '../../report/forecast-text.ts'
import { printJson, wholeNumber, type CommonOptions, type Shell } from '../shell.ts'
import { planOf, withState } from '../workspace.ts'

export interface ForecastCommandOptions extends CommonOptions { readonly runs?: string; readonly seed?: string }

/** `devteam forecast`: how long the rest may take. Writes nothing. */
export const forecastCommand = (shell: Shell, options: ForecastCommandOptions): Promise<number> => withState(shell, async (state) => {
  const runs = options.runs === undefined ? usualForecast.runs : wholeNumber(options.runs, 'The number of draws')
  const seed = options.seed === undefined ? usualForecast.seed : wholeNumber(options.seed, 'The seed')
  const report = forecastReport(await planOf(state), await readTasks(shell.cwd), await state.events({ type: 'role.completed' }), Date.now(), { runs, seed })
  if (shell.json) printJson(shell, report)
  else shell.out(`${forecastText(report)}\n`)
  return 0
})
