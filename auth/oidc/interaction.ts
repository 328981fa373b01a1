import type { Context } from 'koa'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { HttpError } from '../../lib/errors.ts'
import { SCOPES, type Scope } from './scopes.ts'

type Client = InstanceType<Provider['Client']>
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** What an app has sent this browser for; its cookie says so, and no other browser has that. */
export async function interactionOf(ctx: Context, provider: Provider): Promise<Interaction> {
  const interaction = await provider.interactionDetails(ctx.req, ctx.res).catch((error) => {
    throw error instanceof errors.SessionNotFound ? interactionOver(error) : error
  })
  const client = await provider.Client.find(clientIDOf(interaction))
  if (!client || !mayStill(client, interaction)) throw interactionOver()
  return interaction
}

export const clientIDOf = ({ params }: Interaction): string => String(params['client_id'])

/** The provider judges this as the app asks, and not again as it is answered: meanwhile an admin may have changed the app. */
function mayStill(client: Client, interaction: Interaction): boolean {
  const allowed = words(client.scope)
  return (
    client.redirectUriAllowed(String(interaction.params['redirect_uri'])) &&
    scopesOf(interaction).every((scope) => allowed.includes(scope))
  )
}

export const interactionOver = (cause?: unknown) =>
  new HttpError(404, 'INTERACTION_OVER', 'Go back to the app and start again', { cause })

const words = (parameter: unknown): string[] => (typeof parameter === 'string' ? parameter.split(' ') : [])

/** What the app asks for, of what there is. */
export const scopesOf = ({ params }: Interaction): Scope[] =>
  SCOPES.filter((scope) => words(params['scope']).includes(scope))

/**
 * Whether who is signed in since `authTime` was so lately enough for what the app asked: since this request with
 * `prompt=login`, else no longer than `max_age` before it (OpenID Connect Core §3.1.2.1).
 */
export function isFreshEnough({ params, iat }: Pick<Interaction, 'params' | 'iat'>, authTime: number): boolean {
  if (authTime >= iat) return true
  if (words(params['prompt']).includes('login')) return false
  return params['max_age'] === undefined || iat - authTime <= Number(params['max_age'])
}
