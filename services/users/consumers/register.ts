import type { Knex } from 'knex'
import { on } from '../../../lib/bus/consumer.ts'
import type { EventDraft } from '../../../lib/bus/event.ts'
import { type RegistrationRequest, registrationRequested } from '../../onboarder/events.ts'
import { registrationRejected, userCreated } from '../events.ts'
import { findTaken, insertUsers, type Registration, type Taken } from '../queries.ts'
import type { ThaiIDs } from '../thai-ids.ts'

/** Makes members of a batch of registrations; whoever asks for a unique value that somebody has is told which. */
export const register = ({ thaiIDs }: { thaiIDs: ThaiIDs }) =>
  on<RegistrationRequest, Knex.Transaction>(registrationRequested, async (events, trx) => {
    const requests = firstOfEach(events.map(({ data }) => data)).map((request) => toRegistration(request, thaiIDs))
    const inserted = await insertUsers(trx, requests)
    const created = requests.filter(({ userID }) => inserted.has(userID)).map(toCreated)
    const refused = requests.filter(({ userID }) => !inserted.has(userID))
    if (refused.length === 0) return created
    const taken = await findTaken(trx, refused)
    return [...created, ...refused.flatMap((request) => toRejected(request, taken))]
  })

/** A request that comes twice is no duplicate of itself. */
const firstOfEach = (requests: RegistrationRequest[]): RegistrationRequest[] =>
  [...Map.groupBy(requests, ({ userID }) => userID).values()].flatMap((same) => same.slice(0, 1))

const toRegistration = ({ thaiID, ...request }: RegistrationRequest, thaiIDs: ThaiIDs): Registration => ({
  ...request,
  ...(thaiID && { thaiID: thaiIDs.keepSealed(thaiID, request.userID) }),
})

const toCreated = ({ userID, name, email, phoneNumber }: Registration): EventDraft =>
  userCreated.of({ userID, name, email, phoneNumber })

function toRejected(request: Registration, taken: Taken[]): EventDraft[] {
  const { userID } = request
  if (taken.some(({ id }) => id === userID)) return []
  const field = takenField(request, taken)
  // Whoever had it has let go of it in between: the kit tries again.
  if (!field) throw new Error(`registration ${userID} clashed with a member who is no more`)
  return [registrationRejected.of({ userID, reason: `${field} is already registered` })]
}

function takenField({ email, phoneNumber, thaiID }: Registration, taken: Taken[]): string | undefined {
  if (taken.some((row) => row.email === email)) return 'email'
  if (taken.some((row) => row.phone_number === phoneNumber)) return 'phoneNumber'
  if (thaiID && taken.some((row) => row.thai_id_hash === thaiID.hash)) return 'thaiID'
  return undefined
}
