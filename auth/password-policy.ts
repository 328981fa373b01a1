import { readFile } from 'node:fs/promises'

/** Says what is wrong with a new password; undefined where nothing is. */
export type PasswordPolicy = (password: string, email: string) => string | undefined

const MIN_CHARACTERS = 12
const MAX_CHARACTERS = 256

/** Length and a list of what everybody tries first; no rules about kinds of characters (NIST SP 800-63B §5.1.1.2). */
export async function readPasswordPolicy(): Promise<PasswordPolicy> {
  const text = await readFile(new URL('common-passwords.txt', import.meta.url), 'utf8')
  const common = new Set(text.split('\n').filter((line) => line && !line.startsWith('#')))

  return function judge(password, email) {
    const characters = [...password].length
    if (characters < MIN_CHARACTERS) return `must have at least ${MIN_CHARACTERS} characters`
    if (characters > MAX_CHARACTERS) return `must have at most ${MAX_CHARACTERS} characters`
    const forms = guessedForms(password)
    if (forms.some((form) => common.has(form))) return 'is one of the most common passwords'
    const own = new Set([email, email.split('@')[0] ?? ''].flatMap(guessedForms))
    if (forms.some((form) => own.has(form))) return 'must not be your e-mail address'
    return undefined
  }
}

const LOOKALIKES: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** A password as whoever guesses would come by it: without the capitals, the few digits around it, the look-alikes, the repetition. */
function guessedForms(password: string): string[] {
  const lower = password.normalize('NFKC').toLowerCase()
  const bare = lower.replace(/[^\p{L}]{1,6}$/u, '').replace(/^[^\p{L}]{1,6}/u, '')
  const spelled = (text: string) => text.replace(/[013457@$!]/g, (character) => LOOKALIKES[character] ?? character)
  const joined = (text: string) => text.replace(/[\s._-]+/g, '')
  const forms = [lower, bare, spelled(lower), spelled(bare)].flatMap((form) => [form, joined(form)])
  return [...new Set([...forms, ...forms.map(withoutRepetition)])].filter((form) => form !== '')
}

/** `abcabcabc` is `abc`. */
const withoutRepetition = (text: string): string => text.replace(/^(.+?)\1+$/u, '$1')
