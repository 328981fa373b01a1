import { ApiError } from '../api/errors.ts'
import type { Answer, Sent } from '../api/request.ts'
import type { Me } from './me.ts'
import { accept, authorized, type Tokens } from './session.ts'

/** The person did not want to show the second factor. */
export class StepUpDeclined extends Error {
  override name = 'StepUpDeclined'
}

interface Question {
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

/** As `authorized`, for what wants a fresh second factor: where it is missing, the dialog asks for a code and the request is sent again. */
export async function sensitive<Data>(path: string, sent: Sent = {}): Promise<Answer<Data>> {
  try {
    return await authorized<Data>(path, sent)
  } catch (error) {
    if (!(error instanceof ApiError) || !(error.wantsStepUp || (await lacksSecondFactor(error)))) throw error
    await ask()
    return authorized<Data>(path, sent)
  }
}

/** The gateway's 403 says nothing that a program could tell from "not for you": whether a code would help, the session knows. */
async function lacksSecondFactor({ status, code }: ApiError): Promise<boolean> {
  if (status !== 403 || code !== undefined) return false
  const { amr, mfa } = (await authorized<Me>('/api/v1/auth/me')).data
  return mfa.enabled && !amr.includes('otp')
}

export async function stepUp(code: string): Promise<void> {
  accept((await authorized<Tokens>('/api/v1/auth/step-up', { method: 'POST', body: { code } })).data)
}

/** One at a time: a second request that needs it waits for the same answer. */
let asking: Promise<void> | undefined

function ask(): Promise<void> {
  asking ??= new Promise<void>((resolve, reject) => {
    pose({ answered: resolve, declined: () => reject(new StepUpDeclined()) })
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
