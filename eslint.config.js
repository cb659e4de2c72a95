import tseslint from 'typescript-eslint'

/** Who may import whom. A room that is not listed may import nothing of ours. */
const core = ['plan', 'state', 'agents', 'drawing', 'report', 'run']
const doors = {
  plan: [],
  state: ['plan'],
  agents: ['plan'],
  drawing: ['plan'],
  report: ['plan', 'state', 'drawing'],
  run: ['plan', 'state', 'agents', 'report'],
  cli: core,
  vscode: core,
  mcp: core,
}
const rooms = Object.keys(doors)

/** The rule for one room: every other room that has no door to it is closed. */
function layering(room) {
  const closed = rooms.filter((other) => other !== room && !doors[room].includes(other))
  const patterns = closed.map((other) => ({ regex: `^(\\.\\./)+${other}/`, message: `${room} must not import ${other}: see docs/architecture.md` }))
  const paths = room === 'vscode' ? [] : [{ name: 'vscode', message: 'only src/vscode imports vscode' }]
  patterns.push({ regex: 'webview/', message: 'src must not import the webview' })
  if (room === 'plan' || room === 'drawing') patterns.push({ regex: '^node:', message: `${room} is pure; reading and writing is in src/plan/files` })
  return {
    files: [`src/${room}/**/*.ts`],
    ignores: ['src/plan/files/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths }] },
  }
}

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', '.vscode-test/**', 'media/sample/**', 'test/fixtures/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'use a union of literals' }, { selector: 'ExportAllDeclaration', message: 'no barrels' }],
    },
  },
  ...rooms.map(layering),
  {
    files: ['src/plan/files/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: rooms.filter((room) => room !== 'plan').map((room) => ({ regex: `/${room}/`, message: `plan must not import ${room}` })), paths: ['vscode'] }] },
  },
  {
    files: ['webview/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', {
        patterns: [
          { regex: 'src/(?!drawing/|vscode/protocol)', message: 'the webview imports drawing and the protocol types only' },
          { regex: 'src/vscode/protocol', allowTypeImports: true, message: 'types only' },
          { regex: '^node:', message: 'the webview runs in a browser' },
        ],
      }],
    },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-unused-expressions': 'off' } },
)
