import { readConfig } from '../../lib/config.ts'
import { database, passwordHashing } from '../config.ts'

/** What a command needs to know of its surroundings. */
export const loadConfig = () => readConfig(process.env, { ...database, ...passwordHashing })
