import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics.ts'
import { runAsProcess } from '../../lib/run-as-process.ts'
import { type RunningService, serve } from '../../lib/service.ts'
import { PAGE, routes } from './app.ts'
import { loadConfig } from './config.ts'

export function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env)
  const log = createLog({ service: 'web', level: config.LOG_LEVEL })
  return serve({
    config,
    log,
    metrics: createMetrics('web'),
    routes: routes({ root: config.WEB_ROOT }),
    checks: { pages: () => access(join(config.WEB_ROOT, PAGE)) },
    parts: [],
  })
}

if (import.meta.main) await runAsProcess(start, process.env)
