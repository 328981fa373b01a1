import { type AdminApi, post, send } from './admin-api.ts'

export interface Partner {
  name: string
  group: string
  key: string
}

/** Lets a partner through a gateway that is running, or changes nothing. The key comes last: before that it opens to nobody. */
export async function openGateway({ name, group, key }: Partner, admin: AdminApi): Promise<void> {
  const { id } = await post(admin, '/consumers', { username: name })
  try {
    await post(admin, `/consumers/${id}/acls`, { group })
    await post(admin, `/consumers/${id}/key-auth`, { key })
  } catch (error) {
    await send(admin, 'DELETE', `/consumers/${id}`)
    throw error
  }
}
