/** The console's view of the signing keys. */
export const keys = {
  title: 'Signing keys',
  explain:
    'Access tokens are signed with one key. The next one waits until it takes its place, and the one before is kept until its last token has expired.',
  list: 'Keys',
  columns: { kid: 'Key', state: 'State', since: 'Since', retirableFrom: 'Can be retired from' },
  states: { next: 'Waits', signing: 'Signs', verifying: 'Still counts', expired: 'Has expired' },
  changes: { rotate: 'Rotate', retire: 'Retire' },
  changesExplain: {
    rotate: 'The key that waits signs from now on. Nobody is signed out.',
    retire: 'Keys that have expired are taken away.',
  },
  done: { rotate: 'Another key signs from now on.', retire: 'No expired key is left.' },
  forbidden: 'Only admins may do that.',
  away: 'The gateway cannot be reached at the moment. Try again shortly: what was begun goes on from there.',
  refused: 'The gateway does not take this change. Its configuration needs a look.',
  refusals: {
    KEYS_BUSY: 'Somebody else is changing the keys. Try again in a minute.',
    OTHER_KEY_SIGNS: 'Somebody else has rotated the keys in the meantime. This is how they are now.',
    KEY_NOT_KNOWN_YET: 'The gateway does not know the next key everywhere yet. Try again shortly.',
    KEY_STILL_NEEDED: 'Tokens of the key before still count. The table says from when it can be retired.',
    NO_ADMIN_API: 'Here the keys are changed by command alone: npm run keys.',
  } as Record<string, string>,
}
