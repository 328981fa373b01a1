import { argv } from 'node:process'
import { loadFiles } from '../../gateway/declarative/load.ts'

// Prints how many milliseconds reading and validating a declared config takes.
//   node read-file.ts FILE
const started = performance.now()
await loadFiles(argv.slice(2), {})
console.log(performance.now() - started)
