import { common, readConfig } from '../../lib/config.ts'

export const loadConfig = (env: NodeJS.ProcessEnv) => readConfig(env, common)
