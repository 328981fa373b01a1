import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Publisher } from '../../../lib/bus/publisher.ts'
import { HttpError } from '../../../lib/errors.ts'
import type { Log } from '../../../lib/log.ts'
import { seal } from '../../../lib/seal.ts'
import { isUnavailable } from '../../../lib/unavailable.ts'
import { registrationRequested } from '../events.ts'
import type { Ledger } from '../ledger.ts'
import { type Registration, readRegistration } from '../registration.ts'

interface Options {
  ledger: Ledger
  publisher: Publisher
  thaiIDKey: Buffer
  log: Log
}

/** `POST /api/v1/register`, and `POST /partner/v1/members` on a customer's behalf: accepted once Kafka has it. */
export function register({ ledger, publisher, thaiIDKey, log }: Options): Middleware {
  return async function registers(ctx) {
    const registration = readRegistration(ctx.request.body)
    const userID = randomUUID()
    await reserve(userID, registration)
    try {
      await publisher.publish(request(userID, registration))
    } catch (error) {
      await ledger.forget(userID).catch(() => undefined) // else it expires
      throw error
    }
    ledger.keep(userID).catch(() => undefined) // not waited for: until `users` answers, its constraints do as well
    const partner = ctx.get('x-consumer-username')
    if (partner) log.info('registered on behalf of a customer', { userID, partner })
    ctx.status = 201
    ctx.body = { status: 'success', message: 'Registration successful', data: { userID } }
  }

  /** While Redis is away nothing is reserved, and a double ends as rejected by `users`. */
  async function reserve(userID: string, registration: Registration): Promise<void> {
    const reserved = await ledger.reserve(userID, registration).catch((error) => {
      if (!isUnavailable(error)) throw error
      return true
    })
    if (!reserved) throw new HttpError(409, 'ALREADY_REGISTERED', 'Already registered')
  }

  function request(userID: string, { thaiID, ...contact }: Registration) {
    const sealed = thaiID ? { thaiID: seal(thaiID, thaiIDKey, userID) } : undefined
    return registrationRequested.of({ userID, ...contact, ...sealed })
  }
}
