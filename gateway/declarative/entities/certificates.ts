import { authorityError, belongTogether, digest, sameKeyType } from '../checks/certificate.ts'
import { certificate, id, privateKey, tags, timestamp, wildcardHost } from '../field-types.ts'
import type { Schema } from '../schema.ts'

interface Pair {
  cert: string
  key: string
  cert_alt: string | null
  key_alt: string | null
}

export const certificates: Schema = {
  name: 'certificates',
  fields: [
    { id },
    { created_at: timestamp },
    { updated_at: timestamp },
    { cert: { ...certificate, required: true, referenceable: true } },
    { key: { ...privateKey, required: true, referenceable: true, encrypted: true } },
    { cert_alt: { ...certificate, required: false, referenceable: true } },
    { key_alt: { ...privateKey, required: false, referenceable: true, encrypted: true } },
    { tags },
  ],
  entity_checks: [
    { mutually_required: ['cert_alt', 'key_alt'] },
    {
      custom_entity_check: {
        field_sources: ['cert', 'key'],
        fn: ({ cert, key }: Pair) => (belongTogether(cert, key) ? undefined : 'certificate does not match key'),
      },
    },
    {
      custom_entity_check: {
        field_sources: ['cert_alt', 'key_alt'],
        fn: ({ cert_alt, key_alt }: Pair) =>
          cert_alt === null || key_alt === null || belongTogether(cert_alt, key_alt)
            ? undefined
            : 'alternative certificate does not match key',
      },
    },
    {
      custom_entity_check: {
        field_sources: ['cert', 'cert_alt'],
        fn: ({ cert, cert_alt }: Pair) =>
          cert_alt !== null && sameKeyType(cert, cert_alt)
            ? 'certificate and alternative certificate need keys of different types'
            : undefined,
      },
    },
  ],
}

export const snis: Schema = {
  name: 'snis',
  endpoint_key: 'name',
  fields: [
    { id },
    { name: { ...wildcardHost, required: true, unique: true, unique_across_ws: true } },
    { created_at: timestamp },
    { updated_at: timestamp },
    { tags },
    { certificate: { type: 'foreign', reference: 'certificates', required: true } },
  ],
}

export const caCertificates: Schema = {
  name: 'ca_certificates',
  fields: [
    { id },
    { created_at: timestamp },
    { updated_at: timestamp },
    { cert: { ...certificate, required: true } },
    { cert_digest: { type: 'string', unique: true } },
    { tags },
  ],
  entity_checks: [
    {
      custom_entity_check: {
        field_sources: ['cert'],
        fn: ({ cert }: { cert: string }) => authorityError(cert, Date.now()),
      },
    },
  ],
  derive: ({ cert }: { cert: string }) => ({ cert_digest: digest(cert) }),
}
