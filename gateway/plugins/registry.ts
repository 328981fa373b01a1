import type { PluginSchema } from '../declarative/schema.ts'
import type { Plugin } from '../plugin.ts'
import { handler as acl } from './acl/handler.ts'
import { schema as aclSchema } from './acl/schema.ts'
import { handler as basicAuth } from './basic-auth/handler.ts'
import { schema as basicAuthSchema } from './basic-auth/schema.ts'
import { handler as botDetection } from './bot-detection/handler.ts'
import { schema as botDetectionSchema } from './bot-detection/schema.ts'
import { handler as correlationId } from './correlation-id/handler.ts'
import { schema as correlationIdSchema } from './correlation-id/schema.ts'
import { handler as cors } from './cors/handler.ts'
import { schema as corsSchema } from './cors/schema.ts'
import { handler as fileLog } from './file-log/handler.ts'
import { schema as fileLogSchema } from './file-log/schema.ts'
import { handler as groupQuota } from './group-quota/handler.ts'
import { schema as groupQuotaSchema } from './group-quota/schema.ts'
import { handler as httpLog } from './http-log/handler.ts'
import { schema as httpLogSchema } from './http-log/schema.ts'
import { handler as ipRestriction } from './ip-restriction/handler.ts'
import { schema as ipRestrictionSchema } from './ip-restriction/schema.ts'
import { handler as jwt } from './jwt/handler.ts'
import { schema as jwtSchema } from './jwt/schema.ts'
import { handler as keyAuth } from './key-auth/handler.ts'
import { schema as keyAuthSchema } from './key-auth/schema.ts'
import { handler as opentelemetry } from './opentelemetry/handler.ts'
import { schema as opentelemetrySchema } from './opentelemetry/schema.ts'
import { handler as prometheus } from './prometheus/handler.ts'
import { schema as prometheusSchema } from './prometheus/schema.ts'
import { handler as proxyCache } from './proxy-cache/handler.ts'
import { schema as proxyCacheSchema } from './proxy-cache/schema.ts'
import { handler as rateLimiting } from './rate-limiting/handler.ts'
import { schema as rateLimitingSchema } from './rate-limiting/schema.ts'
import { handler as requestSizeLimiting } from './request-size-limiting/handler.ts'
import { schema as requestSizeLimitingSchema } from './request-size-limiting/schema.ts'
import { handler as requestTermination } from './request-termination/handler.ts'
import { schema as requestTerminationSchema } from './request-termination/schema.ts'
import { handler as requestTransformer } from './request-transformer/handler.ts'
import { schema as requestTransformerSchema } from './request-transformer/schema.ts'
import { handler as responseTransformer } from './response-transformer/handler.ts'
import { schema as responseTransformerSchema } from './response-transformer/schema.ts'
import { handler as trustedIdentity } from './trusted-identity/handler.ts'
import { schema as trustedIdentitySchema } from './trusted-identity/schema.ts'

export interface RegisteredPlugin {
  handler: Plugin<never, unknown>
  schema: PluginSchema
}

export type Registry = Readonly<Record<string, RegisteredPlugin>>

/** Every plugin that a file may declare, by Kong's names. */
export const plugins: Registry = {
  acl: { handler: acl, schema: aclSchema },
  'basic-auth': { handler: basicAuth, schema: basicAuthSchema },
  'bot-detection': { handler: botDetection, schema: botDetectionSchema },
  'correlation-id': { handler: correlationId, schema: correlationIdSchema },
  cors: { handler: cors, schema: corsSchema },
  'file-log': { handler: fileLog, schema: fileLogSchema },
  'group-quota': { handler: groupQuota, schema: groupQuotaSchema },
  'http-log': { handler: httpLog, schema: httpLogSchema },
  'ip-restriction': { handler: ipRestriction, schema: ipRestrictionSchema },
  jwt: { handler: jwt, schema: jwtSchema },
  'key-auth': { handler: keyAuth, schema: keyAuthSchema },
  opentelemetry: { handler: opentelemetry, schema: opentelemetrySchema },
  prometheus: { handler: prometheus, schema: prometheusSchema },
  'proxy-cache': { handler: proxyCache, schema: proxyCacheSchema },
  'rate-limiting': { handler: rateLimiting, schema: rateLimitingSchema },
  'request-size-limiting': { handler: requestSizeLimiting, schema: requestSizeLimitingSchema },
  'request-termination': { handler: requestTermination, schema: requestTerminationSchema },
  'request-transformer': { handler: requestTransformer, schema: requestTransformerSchema },
  'response-transformer': { handler: responseTransformer, schema: responseTransformerSchema },
  'trusted-identity': { handler: trustedIdentity, schema: trustedIdentitySchema },
}
