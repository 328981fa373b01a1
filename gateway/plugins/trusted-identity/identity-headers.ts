import type { HeaderList } from '../../http1/header-list.ts'

/** Headers that say who is calling. Upstreams may fold underscores into dashes, so both spellings are the same header. */
const IDENTITY = /^x[-_](?:user|session|consumer|credential|authenticated|anonymous|gateway)[-_]/

/** Those that only this plugin writes; authentication plugins write the others. */
const OWN = /^x[-_](?:user|session|gateway)[-_]/

const isIdentity = (key: string) => IDENTITY.test(key)
const isOwn = (key: string) => OWN.test(key)

export const removeIdentity = (headers: HeaderList): void => headers.deleteWhere(isIdentity)

export const removeOwn = (headers: HeaderList): void => headers.deleteWhere(isOwn)

/**
 * Whether the client's Connection names headers that say who is calling. Kong drops what Connection names (RFC 9110 §7.6.1) only
 * when its plugins have written them: the upstream would take the caller for nobody in particular.
 */
export const takesIdentityAway = (headers: HeaderList): boolean =>
  headers.has('connection') &&
  headers.getAll('connection').some((names) =>
    names
      .toLowerCase()
      .split(/[\s,]+/)
      .some(isIdentity),
  )
