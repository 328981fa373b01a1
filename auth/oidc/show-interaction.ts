import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { clientIDOf, interactionOf, scopesOf } from './interaction.ts'
import type { Providers } from './providers.ts'

/** `GET /api/v1/auth/interaction`: which app has sent this browser, and what it wants to be allowed. */
export function showInteraction({ providers }: { providers: Providers }): Middleware {
  return async function showsInteraction(ctx) {
    caller(ctx)
    const provider = providers.current()
    const interaction = await interactionOf(ctx, provider)
    const client = await provider.Client.find(clientIDOf(interaction))
    const data = { id: interaction.uid, client: { name: client?.clientName }, scopes: scopesOf(interaction) }
    ctx.body = { status: 'success', data }
  }
}
