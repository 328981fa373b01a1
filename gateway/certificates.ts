import { certificates as schema } from './declarative/entities/certificates.ts'
import type { Certificate, Entities } from './entities.ts'
import type { Vault } from './vault.ts'

/** Declared certificates by id, with values where references stood. */
export type Certificates = ReadonlyMap<string, Certificate>

export function readCertificates({ certificates }: Entities, vault: Vault): Certificates {
  return new Map(certificates.map((certificate) => [certificate.id, vault.resolve(schema.fields, certificate)]))
}
