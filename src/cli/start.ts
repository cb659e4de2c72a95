// What `devteam` starts: the bundle of main.ts and its parts, with what V8 kept of them. The build puts in the bundle's name.
import path from 'node:path'
import { CachedModules, codeCacheFolder } from './code-cache.ts'

declare const bundleOfMain: string
declare const require: (id: string) => unknown
declare const __dirname: string

const command = process.argv[2] ?? ''
const modules = new CachedModules(codeCacheFolder(process.env), /^[a-z]+$/.test(command) ? command : 'other', require)
process.on('exit', () => { modules.save() })
modules.load(path.join(__dirname, bundleOfMain))
