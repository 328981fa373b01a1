import { auditKey, type By, oneAtATime } from '../queries/signing-keys.ts'
import { bringInLine, type KeyParts } from './bring-in-line.ts'
import { Refusal } from './refusal.ts'
import { type Standing, standings } from './standing.ts'

/**
 * Takes away every key whose last token has expired, or with `force` every one that signs no more: then tokens signed with it are
 * refused from now on. Run again after a crash, it takes from declaration and gateway what is gone from the folder.
 */
export function retire(parts: KeyParts, { force, by }: { force: boolean; by?: By }): Promise<Standing[]> {
  const { db, folder, now } = parts
  return oneAtATime(db, async () => {
    const all = standings(await folder.read(), now())
    const gone = all.filter(({ state }) => state === 'expired' || (force && state === 'verifying'))
    for (const { key } of gone) {
      await auditKey(db, 'key.retired', key.kid, by)
      await folder.remove(key.kid)
    }
    await bringInLine(parts)
    const [early] = all.filter(({ state }) => state === 'verifying')
    if (gone.length === 0 && early) throw tooEarly(early)
    return gone
  })
}

const tooEarly = ({ key, retirableFrom }: Standing) =>
  new Refusal(
    'KEY_STILL_NEEDED',
    `${key.kid} verifies tokens until ${retirableFrom?.toISOString()}: retire it then, or refuse them from now on by npm run keys -- retire --force`,
  )
