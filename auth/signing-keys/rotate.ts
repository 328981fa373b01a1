import { auditKey, type By, isAudited, oneAtATime } from '../queries/signing-keys.ts'
import { bringInLine, type KeyParts } from './bring-in-line.ts'
import { knownEverywhere } from './known-everywhere.ts'
import { Refusal } from './refusal.ts'
import { newSigningKey, type SigningKey } from './signing-key.ts'
import { signingKeyOf } from './standing.ts'

interface Options {
  /** Only if this key signs now: of two who saw the same one, one rotates. */
  from?: string
  by?: By
}

/**
 * Lets auth sign with the key that has been waiting, and makes the next one. The folder says what is so, each step can be repeated,
 * and the audit line comes last: whoever died on the way is continued by the next call.
 */
export function rotate(
  parts: KeyParts,
  { from, by }: Options = {},
): Promise<{ signing: SigningKey; waiting: SigningKey }> {
  return oneAtATime(parts.db, async () => {
    if (from !== undefined && signingKeyOf(await parts.folder.read())?.kid !== from) throw otherKeySigns()
    const signing = (await switchedBefore(parts)) ?? (await switchOver(parts))
    const waiting = await prepareNext(parts)
    await auditKey(parts.db, 'key.rotated', signing.kid, by)
    return { signing, waiting }
  })
}

const otherKeySigns = () => new Refusal('OTHER_KEY_SIGNS', 'another key signs by now: look at the keys again')

/** The key of a rotation that had switched to it and did not come to its end. */
async function switchedBefore({ db, folder }: KeyParts): Promise<SigningKey | undefined> {
  const keys = await folder.read()
  const signing = signingKeyOf(keys)
  const hasPredecessor = keys.some(({ kid, signingSince }) => signingSince && kid !== signing?.kid)
  return signing && hasPredecessor && !(await isAudited(db, 'key.rotated', signing.kid)) ? signing : undefined
}

async function switchOver(parts: KeyParts): Promise<SigningKey> {
  const next = await prepareNext(parts)
  const before = signingKeyOf(await parts.folder.read())
  // Without a key to sign with, auth does not start.
  await knownEverywhere(next, parts.nodes, { authRuns: before !== undefined, signal: parts.signal })
  // A clock that was set back must not make the older key the latest.
  const since = Math.max(+parts.now(), +(before?.signingSince ?? 0) + 1)
  const signing = { ...next, signingSince: new Date(since) }
  await parts.folder.save(signing)
  return signing
}

/** The waiting key, made if there is none, declared, and known to the gateway and to who reads the JWK Set long before it signs. */
async function prepareNext(parts: KeyParts): Promise<SigningKey> {
  const waiting = (await parts.folder.read()).find(({ signingSince }) => signingSince === undefined)
  const next = waiting ?? (await newSigningKey(parts.now()))
  if (!waiting) await parts.folder.save(next)
  await bringInLine(parts)
  return next
}
