import { Page } from './page.ts'
import { connect } from './host.ts'

const root = document.getElementById('app')
if (root === null) throw new Error('the page has no element with the id app')
const workerSource = document.body.dataset['workerSrc']
if (workerSource === undefined) throw new Error("the page's body has no data-worker-src")
const page = new Page(root, connect(), workerSource)
// For tests, and for people who script the panel.
Reflect.set(globalThis, 'devteamGraph', page.published)
page.start()
