import { createPublicKey } from 'node:crypto'
import path from 'node:path'
import { expect } from 'chai'
import { createMint } from '../proxy/test-certificates.ts'
import { parseDeckFile } from './load.ts'
import { combinations } from './mistakes/combinations.ts'
import { fieldMistakes } from './mistakes/fields.ts'
import { duplicates } from './mistakes/identity.ts'
import type { Mistake } from './mistakes/mistake.ts'
import { nestingMistakes } from './mistakes/nesting.ts'
import { type Pems, refusalOf, type SoundFile, soundFile } from './mistakes/sound-file.ts'
import { slips, WRONG_TEXTS, type WrongText } from './mistakes/texts.ts'
import { wholeFileMistakes } from './mistakes/whole-files.ts'

const MADE = ['certificates', 'traffic', 'consumers', 'plugins-a-g', 'plugins-h-z']
/** All secrets of the sound files begin so. */
const SECRET = 'SECRET'

describe('a file with one mistake', () => {
  let pems: Pems
  let made: SoundFile[]
  let shipped: SoundFile
  let tried = 0

  before(() => {
    const mint = createMint()
    const [pair, authority] = [mint.mint('shop.test'), mint.mint('authority.test', { authority: true })]
    mint.remove()
    pems = { pair, authority, publicKey: String(createPublicKey(pair.cert).export({ type: 'spki', format: 'pem' })) }
    made = MADE.map((name) => soundFile(path.join(import.meta.dirname, 'mistakes', `${name}.yaml`), pems))
    shipped = soundFile(path.join(import.meta.dirname, '../../kong.yaml'), pems)
  })

  it('is sound without it', () => {
    for (const { name, document } of [...made, shipped]) expect(refusalOf(name, document), name).to.equal(undefined)
  })

  const kinds: [string, () => Iterable<Mistake>[]][] = [
    ['in a single field', () => made.map(fieldMistakes)],
    ['in fields that do not go together', () => made.map((file) => combinations(file, pems))],
    ['of two entities that cannot both be', () => [...made, shipped].map(duplicates)],
    ['of something in the wrong place', () => made.map(nestingMistakes)],
    ['in the file as a whole', () => made.map(wholeFileMistakes)],
  ]
  for (const [what, mistakes] of kinds)
    it(`${what} is refused, and told by its place`, () => {
      const missed: string[] = []
      for (const mistake of mistakes().flatMap((some) => [...some])) {
        const said = refusalOf('kong.yaml', mistake.document)
        if (!tells(said, mistake)) missed.push(`${mistake.kind} at ${mistake.place}: ${said ?? 'accepted'}`)
        tried++
      }
      expect(missed).to.deep.equal([])
    })

  it('of the hand is refused, and told by line and column', () => {
    const missed: string[] = []
    for (const wrong of [...WRONG_TEXTS, ...[...made, shipped].flatMap((file) => [...slips(file)])]) {
      const said = refusalOfText(wrong.text)
      if (!tellsLine(said, wrong)) missed.push(`${wrong.what}: ${said ?? 'accepted'}`)
      tried++
    }
    expect(missed).to.deep.equal([])
  })

  it('was one of more than a thousand', () => {
    expect(tried).to.be.above(1_000)
  })
})

const tells = (said: string | undefined, { place, says }: Mistake): boolean =>
  said !== undefined &&
  !said.includes(SECRET) &&
  said.split('\n').some((line) => line.startsWith(`  ${place}: `) && line.includes(says))

function refusalOfText(text: string): string | undefined {
  try {
    return refusalOf('kong.yaml', parseDeckFile('kong.yaml', text, {}))
  } catch (error) {
    return (error as Error).message
  }
}

const tellsLine = (said: string | undefined, { line }: WrongText): boolean =>
  said !== undefined &&
  !said.includes(SECRET) &&
  new RegExp(`^kong\\.yaml: line ${line ?? '\\d+'}, column \\d+: .`).test(said)
