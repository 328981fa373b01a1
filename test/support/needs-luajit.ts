import { spawnSync } from 'node:child_process'
import type Mocha from 'mocha'
import { skip } from './skip.ts'

/** For a suite's `before`. */
export function needsLuajit(this: Mocha.Context): void {
  if (spawnSync('luajit', ['-v']).status !== 0) skip(this, 'luajit is not installed')
}
