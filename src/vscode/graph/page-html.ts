/** Addresses of the page's parts as the webview may load them. */
export interface PageParts { readonly script: string; readonly style: string; readonly worker: string; readonly cspSource: string; readonly nonce: string }

/**
 * The graph's page. Its policy lets in our script by nonce and nothing else: no inline script, no eval, no network but the extension's own files.
 * A worker may start from a blob only, so the page fetches the worker's file first (connect-src).
 */
export function pageHtml({ script, style, worker, cspSource, nonce }: PageParts): string {
  const policy = [
    "default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${cspSource}`, 'worker-src blob:', `connect-src ${cspSource}`, `img-src ${cspSource} data: blob:`, `font-src ${cspSource}`,
  ].join('; ')
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DevTeam graph</title>
<link rel="stylesheet" href="${style}">
</head>
<body data-worker-src="${worker}">
<div id="app"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`
}
