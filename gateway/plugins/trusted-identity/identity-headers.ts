import type { HeaderList } from '../../http1/header-list.ts'

/** Headers that say who is calling. Upstreams may fold underscores into dashes, so both spellings are the same header. */
const IDENTITY = /^x[-_](?:user|session|consumer|credential|authenticated|anonymous|gateway)[-_]/

/** Those that only this plugin writes; authentication plugins write the others. */
const OWN = /^x[-_](?:user|session|gateway)[-_]/

const isIdentity = (key: string) => IDENTITY.test(key)
const isOwn = (key: string) => OWN.test(key)

export const removeIdentity = (headers: HeaderList): void => headers.deleteWhere(isIdentity)

export const removeOwn = (headers: HeaderList): void => headers.deleteWhere(isOwn)
