import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'

export function certificateError(pem: string): string | undefined {
  return failure(() => new X509Certificate(pem), 'invalid certificate')
}

export function privateKeyError(pem: string): string | undefined {
  return failure(() => createPrivateKey(pem), 'invalid key')
}

export function publicKeyError(pem: string): string | undefined {
  return failure(() => createPublicKey(pem), undefined)
}

/** One certificate, of an authority, that has not expired. */
export function authorityError(pem: string, now: number): string | undefined {
  if (pem.split('-----BEGIN CERTIFICATE-----').length > 2) return 'please submit only one certificate at a time'
  const certificate = new X509Certificate(pem)
  if (Date.parse(certificate.validTo) < now) return 'certificate expired, "Not After" time is in the past'
  if (certificate.ca) return undefined
  return 'certificate does not appear to be a CA because it is missing the "CA" basic constraint'
}

export function belongTogether(certificate: string, key: string): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
}

/** SHA-256, by which the same authority is not declared twice. */
export function digest(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
}

export function sameKeyType(one: string, other: string): boolean {
  const [first, second] = [one, other].map((pem) => new X509Certificate(pem).publicKey.asymmetricKeyType)
  return first === second
}

function failure(attempt: () => unknown, message: string | undefined): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return message === undefined ? 'invalid key' : `${message}: ${(error as Error).message}`
  }
}
