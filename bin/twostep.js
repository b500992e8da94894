#!/usr/bin/env node
// Plain JavaScript, so that an older Node can read it and say what is missing.
import module from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const [major] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Twostep needs Node 24 or later; this is Node ${process.versions.node}.\n` +
      'On Linux "npm ci" brings it along: use "npm start". Elsewhere install Node 24 from nodejs.org.',
  )
  process.exit(1)
}
// Password hashes fill the threads that also look names up and read files: leave some for those.
process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4)
// Types are taken off once, not at each start; where nothing can be written it goes on without.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)))
await import('../src/main.ts')
