import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type Mocha from 'mocha'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { root } from '../../dev/place.ts'
import { skip } from './skip.ts'
import { beforeStackEnds } from './stack.ts'

const PROGRAM = 'chromium'
/** Not in git. */
export const SCREENS = join(root, 'test/screens')
let running: Promise<Browser> | undefined

/** For a suite's `before`. */
export function needsChromium(context: Mocha.Context): void {
  if (spawnSync(PROGRAM, ['--version']).status !== 0) skip(context, 'chromium is not installed')
}

/** Started once per test run. */
function browser(): Promise<Browser> {
  running ??= launch()
  return running
}

async function launch(): Promise<Browser> {
  const executablePath = spawnSync('which', [PROGRAM], { encoding: 'utf8' }).stdout.trim()
  const launched = await chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: process.getuid?.() !== 0 })
  beforeStackEnds(() => launched.close())
  return launched
}

/** It talks to nobody but the pages under test. */
const FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The first page of somebody with no cookies yet, closed after the test. */
export async function visitor(
  { publicUrl }: { publicUrl: string },
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await (await browser()).newContext({ baseURL: publicUrl, locale: 'en-GB', ...options })
  visits.push(context)
  return context.newPage()
}

const visits: BrowserContext[] = []

afterEach(async function () {
  for (const context of visits.splice(0)) {
    if (this.currentTest?.state === 'failed') await picture(context, this.currentTest.fullTitle())
    await context.close()
  }
})

/** What was on the screen when a test failed. */
async function picture(context: BrowserContext, title: string): Promise<void> {
  const name = title.replaceAll(/\W+/g, '-').slice(0, 100)
  for (const [index, page] of context.pages().entries()) {
    await page.screenshot({ path: join(SCREENS, `failed-${name}-${index}.png`) })
  }
}
