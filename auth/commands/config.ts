import { readConfig } from '../../lib/config.ts'
import { database, keyChange, passwordHashing, signingKeys } from '../config.ts'

/** What a command needs to know of its surroundings. */
export const loadConfig = () => readConfig(process.env, { ...database, ...passwordHashing })

/** What it takes to say which signing keys there are. */
export const loadKeysConfig = () => readConfig(process.env, signingKeys)

/** What it takes to change them. */
export const loadKeyChangeConfig = () => readConfig(process.env, { ...database, ...signingKeys, ...keyChange })
