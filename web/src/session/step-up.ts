import { ApiError } from '../api/errors.ts'
import type { Answer, Sent } from '../api/request.ts'
import type { Me } from './me.ts'
import { accept, authorized, type Tokens } from './session.ts'

/** By what people show that it is still them: a code of their second factor, or the password where they have none. */
export type Proof = { code: string } | { password: string }
export type ProofKind = 'code' | 'password'

/** The person did not want to show it. */
export class StepUpDeclined extends Error {
  override name = 'StepUpDeclined'
}

interface Question {
  kind: ProofKind
  answered(): void
  declined(): void
}

let question: Question | undefined
const listeners = new Set<() => void>()

export const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What the dialog is to ask for now. */
export const openQuestion = (): Question | undefined => question

/** As `authorized`, for what wants a fresh sign-in: where that is missing, the dialog asks for proof and the request is sent again. */
export async function sensitive<Data>(path: string, sent: Sent = {}): Promise<Answer<Data>> {
  try {
    return await authorized<Data>(path, sent)
  } catch (error) {
    const kind = error instanceof ApiError && (await wantedProof(error))
    if (!kind) throw error
    await ask(kind)
    return authorized<Data>(path, sent)
  }
}

/** What would help. The gateway's 403 says nothing that a program could tell from "not for you"; the session knows. */
async function wantedProof({ status, code, wantsStepUp }: ApiError): Promise<ProofKind | undefined> {
  const mayLackCode = status === 403 && code === undefined
  if (!wantsStepUp && !mayLackCode) return undefined
  const { amr, mfa } = (await authorized<Me>('/api/v1/auth/me')).data
  if (wantsStepUp) return mfa.enabled ? 'code' : 'password'
  return mfa.enabled && !amr.includes('otp') ? 'code' : undefined
}

export async function stepUp(proof: Proof): Promise<void> {
  accept((await authorized<Tokens>('/api/v1/auth/step-up', { method: 'POST', body: proof })).data)
}

/** One at a time: a second request that needs it waits for the same answer. */
let asking: Promise<void> | undefined

function ask(kind: ProofKind): Promise<void> {
  asking ??= new Promise<void>((resolve, reject) => {
    pose({ kind, answered: resolve, declined: () => reject(new StepUpDeclined()) })
  }).finally(() => {
    asking = undefined
    pose(undefined)
  })
  return asking
}

function pose(next: Question | undefined): void {
  question = next
  for (const listener of listeners) listener()
}
