import { common, readConfig } from '../config.ts'

/** What a command needs to know of its surroundings. */
export const loadConfig = () => readConfig(process.env, { KAFKA_BROKERS: common.KAFKA_BROKERS })
