#!/usr/bin/env node
// Plain JavaScript, so that an older Node can read it and say what is missing.
const [major] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Twostep needs Node 24 or later; this is Node ${process.versions.node}.\n` +
      'On Linux "npm ci" brings it along: use "npm start". Elsewhere install Node 24 from nodejs.org.',
  )
  process.exit(1)
}
await import('../src/main.ts')
