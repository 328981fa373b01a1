import type { Acl } from '../../entities.ts'
import { errorAnswer } from '../../error-answer.ts'
import type { Plugin } from '../../plugin.ts'
import { toBytes } from '../../router/normalise.ts'

/**
 * `always_use_authenticated_groups` speaks of groups that a plugin such as LDAP brings along; none here does,
 * and without any Kong, too, checks the consumer's own.
 */
interface Config {
  allow: string[] | null
  deny: string[] | null
  hide_groups_header: boolean
}

interface Prepared {
  hide: boolean
  /** The groups of a consumer that may pass, joined; undefined for one that may not. By a consumer's list of acls. */
  admit: (acls: readonly Acl[]) => string | undefined
}

function prepare({ allow, deny, hide_groups_header }: Config): Prepared {
  const denies = (deny?.length ?? 0) > 0
  const listed = new Set(denies ? deny : allow)
  const known = new WeakMap<readonly Acl[], { groups: string | undefined }>()
  return {
    hide: hide_groups_header,
    admit(acls) {
      let verdict = known.get(acls)
      if (verdict === undefined) {
        const isListed = acls.some(({ group }) => listed.has(group))
        verdict = { groups: isListed === denies ? undefined : acls.map(({ group }) => group).join(', ') }
        known.set(acls, verdict)
      }
      return verdict.groups
    },
  }
}

export const handler: Plugin<Config, Prepared> = {
  name: 'acl',
  priority: 950,
  prepare,

  access({ admit, hide }, exchange, gateway) {
    if (exchange.consumer === undefined) return errorAnswer(exchange, 401)
    const acls = gateway.acls(exchange.consumer.id)
    const groups = admit(acls)
    if (groups === undefined) {
      const unknown = exchange.credential === undefined && acls.length === 0
      return unknown ? errorAnswer(exchange, 401) : errorAnswer(exchange, 403, 'You cannot consume this service')
    }
    if (!hide) exchange.upstream.headers.set('X-Consumer-Groups', toBytes(groups))
    return undefined
  },
}
