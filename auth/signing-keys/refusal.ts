import { Advice } from '../../lib/run-as-command.ts'

export type RefusalCode = 'KEYS_BUSY' | 'OTHER_KEY_SIGNS' | 'KEY_NOT_KNOWN_YET' | 'KEY_STILL_NEEDED'

/** Why the keys stay as they are for now. */
export class Refusal extends Advice {
  override name = 'Refusal'
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}
