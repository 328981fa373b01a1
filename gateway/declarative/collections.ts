import type { Entities } from '../entities.ts'
import { caCertificates, certificates, snis } from './entities/certificates.ts'
import { consumers } from './entities/consumers.ts'
import { acls, basicauthCredentials, jwtSecrets, keyauthCredentials } from './entities/credentials.ts'
import { plugins } from './entities/plugins.ts'
import { routes } from './entities/routes.ts'
import { services } from './entities/services.ts'
import { targets, upstreams } from './entities/upstreams.ts'
import { vaults } from './entities/vaults.ts'
import type { Schema } from './schema.ts'

export type CollectionName = keyof Entities

/** Every collection that can be declared; what is referred to stands before what refers to it. */
export const collections: Record<CollectionName, Schema> = {
  certificates,
  ca_certificates: caCertificates,
  snis,
  services,
  routes,
  consumers,
  upstreams,
  targets,
  plugins,
  keyauth_credentials: keyauthCredentials,
  jwt_secrets: jwtSecrets,
  basicauth_credentials: basicauthCredentials,
  acls,
  vaults,
}

export const collectionNames = Object.keys(collections) as CollectionName[]

export interface ForeignField {
  name: string
  reference: CollectionName
}

/** The fields by which entities of a collection point to others. */
export const foreignFields = Object.fromEntries(
  collectionNames.map((name) => [name, foreignOf(collections[name])]),
) as Record<CollectionName, ForeignField[]>

/** For each collection those that can be declared within its entities, and the field that then points to the outer one. */
export const nestedIn = Object.fromEntries(
  collectionNames.map((parent) => [
    parent,
    new Map(collectionNames.flatMap((child) => fieldTo(parent, child).map((field) => [child, field.name]))),
  ]),
) as Record<CollectionName, Map<CollectionName, string>>

function foreignOf({ fields }: Schema): ForeignField[] {
  return fields
    .flatMap((entry) => Object.entries(entry))
    .filter(([, field]) => field.type === 'foreign')
    .map(([name, field]) => ({ name, reference: field.reference as CollectionName }))
}

function fieldTo(parent: CollectionName, child: CollectionName): ForeignField[] {
  return foreignFields[child].filter(({ reference }) => reference === parent)
}
