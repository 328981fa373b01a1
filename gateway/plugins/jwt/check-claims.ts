export type RegisteredClaim = 'exp' | 'nbf'

const CHECKS: Record<RegisteredClaim, (claim: number, now: number) => string | undefined> = {
  exp: (exp, now) => (exp <= now ? 'token expired' : undefined),
  nbf: (nbf, now) => (nbf > now ? 'token not valid yet' : undefined),
}

/** What is wrong with the claims, by claim; undefined when nothing is. `now` is in seconds. */
export function checkClaims(
  claims: Record<string, unknown>,
  wanted: readonly RegisteredClaim[],
  maximumExpiration: number,
  now: number,
): Record<string, string> | undefined {
  let wrong: Record<string, string> | undefined
  for (const name of wanted) {
    const claim = claims[name]
    const error = typeof claim === 'number' ? CHECKS[name](claim, now) : 'must be a number'
    if (error !== undefined) wrong = { ...wrong, [name]: error }
  }
  if (wrong !== undefined || maximumExpiration <= 0) return wrong
  const tooLong = typeof claims.exp !== 'number' || claims.exp - now > maximumExpiration
  return tooLong ? { exp: 'exceeds maximum allowed expiration' } : undefined
}
