/** The tokens of VS Code's own themes that the graph page reads, as a webview gets them. */
export type ThemeName = 'dark' | 'light' | 'high-contrast'

const shared = { 'font-family': "'Open Sans', 'Noto Sans', system-ui, sans-serif", 'font-weight': 'normal', 'editor-font-family': 'monospace' }

export const themes: Readonly<Record<ThemeName, { readonly kind: string; readonly tokens: Readonly<Record<string, string>> }>> = {
  dark: {
    kind: 'vscode-dark',
    tokens: {
      ...shared, 'editor-background': '#1f1f1f', foreground: '#cccccc', descriptionForeground: '#9d9d9d', 'editorWidget-background': '#202020', 'widget-border': '#313131', 'editorWidget-border': '#454545', focusBorder: '#0078d4',
      'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff', 'list-hoverBackground': '#2a2d2e', 'progressBar-background': '#0078d4', 'testing-iconPassed': '#73c991', errorForeground: '#f85149',
      'editorWarning-foreground': '#cca700', 'charts-yellow': '#cca700', 'sideBar-background': '#181818', 'panel-border': '#2b2b2b', 'editorGroupHeader-tabsBackground': '#181818', 'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-border': 'rgba(255, 255, 255, 0.07)',
      'input-background': '#313131', 'input-border': '#3c3c3c', 'input-foreground': '#cccccc', 'input-placeholderForeground': '#989898', 'dropdown-background': '#313131', 'dropdown-border': '#3c3c3c', 'dropdown-foreground': '#cccccc',
      'icon-foreground': '#cccccc', 'toolbar-hoverBackground': 'rgba(90, 93, 94, 0.31)', 'panelTitle-activeForeground': '#cccccc', 'panelTitle-inactiveForeground': '#9d9d9d', 'panelTitle-activeBorder': '#0078d4', 'editorHoverWidget-background': '#202020', 'editorHoverWidget-border': '#454545', 'editorHoverWidget-foreground': '#cccccc',
      'widget-shadow': 'rgba(0, 0, 0, 0.36)', 'menu-background': '#1f1f1f', 'menu-selectionBackground': '#0078d4', 'menu-selectionForeground': '#ffffff', 'menu-border': '#454545', 'textLink-foreground': '#4daafc', 'textLink-activeForeground': '#4daafc', 'inputOption-activeBackground': 'rgba(36, 137, 219, 0.51)', 'inputOption-activeBorder': '#2488db', 'inputOption-activeForeground': '#ffffff',
      'inputValidation-errorBackground': '#5a1d1d', 'inputValidation-errorBorder': '#be1100', 'inputValidation-warningBackground': '#352a05', 'inputValidation-warningBorder': '#b89500',
    },
  },
  light: {
    kind: 'vscode-light',
    tokens: {
      ...shared, 'editor-background': '#ffffff', foreground: '#3b3b3b', descriptionForeground: '#3b3b3b', 'editorWidget-background': '#f8f8f8', 'widget-border': '#e5e5e5', 'editorWidget-border': '#c8c8c8', focusBorder: '#005fb8',
      'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000', 'list-hoverBackground': '#f2f2f2', 'progressBar-background': '#005fb8', 'testing-iconPassed': '#73c991', errorForeground: '#f85149',
      'editorWarning-foreground': '#bf8803', 'charts-yellow': '#bf8803', 'sideBar-background': '#f8f8f8', 'panel-border': '#e5e5e5', 'editorGroupHeader-tabsBackground': '#f8f8f8', 'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-border': 'rgba(0, 0, 0, 0.1)',
      'input-background': '#ffffff', 'input-border': '#cecece', 'input-foreground': '#3b3b3b', 'input-placeholderForeground': '#767676', 'dropdown-background': '#ffffff', 'dropdown-border': '#cecece', 'dropdown-foreground': '#3b3b3b',
      'icon-foreground': '#3b3b3b', 'toolbar-hoverBackground': 'rgba(184, 184, 184, 0.31)', 'panelTitle-activeForeground': '#3b3b3b', 'panelTitle-inactiveForeground': '#3b3b3b', 'panelTitle-activeBorder': '#005fb8', 'editorHoverWidget-background': '#f8f8f8', 'editorHoverWidget-border': '#c8c8c8', 'editorHoverWidget-foreground': '#3b3b3b',
      'widget-shadow': 'rgba(0, 0, 0, 0.16)', 'menu-background': '#ffffff', 'menu-selectionBackground': '#005fb8', 'menu-selectionForeground': '#ffffff', 'menu-border': '#cecece', 'textLink-foreground': '#005fb8', 'textLink-activeForeground': '#005fb8', 'inputOption-activeBackground': '#bed6ed', 'inputOption-activeBorder': '#005fb8', 'inputOption-activeForeground': '#000000',
      'inputValidation-errorBackground': '#f2dede', 'inputValidation-errorBorder': '#be1100', 'inputValidation-warningBackground': '#f6f5d2', 'inputValidation-warningBorder': '#b89500',
    },
  },
  'high-contrast': {
    kind: 'vscode-high-contrast',
    tokens: {
      ...shared, 'editor-background': '#000000', foreground: '#ffffff', descriptionForeground: 'rgba(255, 255, 255, 0.7)', contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518', 'editorWidget-background': '#0c141f', 'editorWidget-border': '#6fc3df', focusBorder: '#f38518',
      'progressBar-background': '#6fc3df', 'testing-iconPassed': '#73c991', errorForeground: '#f48771', 'editorWarning-foreground': '#ffd370', 'charts-yellow': '#ffd370', 'sideBar-background': '#000000', 'panel-border': '#6fc3df', 'button-foreground': '#ffffff', 'button-background': '#000000', 'button-border': '#6fc3df',
      'input-background': '#000000', 'input-border': '#6fc3df', 'input-foreground': '#ffffff', 'input-placeholderForeground': 'rgba(255, 255, 255, 0.7)', 'dropdown-background': '#000000', 'dropdown-border': '#6fc3df', 'dropdown-foreground': '#ffffff', 'icon-foreground': '#ffffff', 'panelTitle-activeForeground': '#ffffff', 'panelTitle-inactiveForeground': '#ffffff', 'panelTitle-activeBorder': '#6fc3df',
      'editorHoverWidget-background': '#0c141f', 'editorHoverWidget-border': '#6fc3df', 'editorHoverWidget-foreground': '#ffffff', 'menu-background': '#000000', 'menu-border': '#6fc3df', 'menu-selectionBorder': '#f38518', 'textLink-foreground': '#21a6ff', 'textLink-activeForeground': '#21a6ff', 'inputOption-activeBorder': '#6fc3df',
    },
  },
}
