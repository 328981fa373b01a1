import { expect } from 'chai'
import { createControlPlane, type Edit, Unservable } from './control-plane.ts'
import { validate } from './declarative/validate.ts'
import type { Entities, Service } from './entities.ts'
import type { Kept } from './persistence/store.ts'

const { entities: empty } = validate({ _format_version: '3.0' }) as { entities: Entities }

const names = ({ services }: Entities) => services.map(({ name }) => name)
const add =
  (name: string): Edit<string> =>
  (entities) => ({ entities: { ...entities, services: [...entities.services, { name } as Service] }, result: name })

describe('the control plane', () => {
  let applied: Entities[]
  let kept: Kept | undefined
  let controlPlane: ReturnType<typeof createControlPlane>
  let storeFails: boolean

  beforeEach(() => {
    applied = []
    kept = undefined
    storeFails = false
    controlPlane = createControlPlane({
      initial: empty,
      declaration: 'first',
      workers: {
        async apply(entities) {
          await Promise.resolve()
          applied.push(entities)
          if (names(entities).includes('refused')) throw new Error('the environment variable TOKEN is not set')
        },
      },
      store: {
        async save(state) {
          await Promise.resolve()
          if (storeFails) throw new Error('the disk is full')
          kept = state
        },
        async clear() {
          kept = await Promise.resolve(undefined)
        },
      },
    })
  })

  const outcome = (change: Promise<unknown>) => change.catch((error: Error) => error)

  it('puts edits that come together in force together, in the order of their calls', async () => {
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((name) => controlPlane.change(add(name))))
    expect(results).to.deep.equal(['a', 'b', 'c', 'd'])
    expect(names(controlPlane.entities())).to.deep.equal(['a', 'b', 'c', 'd'])
    expect(applied).to.have.length(1)
  })

  it('leaves out an edit that throws, and nothing else', async () => {
    const fail: Edit<never> = () => {
      throw new Error('no')
    }
    const [, failed] = await Promise.all([controlPlane.change(add('a')), outcome(controlPlane.change(fail))])
    expect(failed).to.be.an('error').with.property('message', 'no')
    expect(names(controlPlane.entities())).to.deep.equal(['a'])
  })

  it('finds the one among many that a worker refuses, and takes it back from all', async () => {
    const changes = ['a', 'b', 'refused', 'c'].map((name) => outcome(controlPlane.change(add(name))))
    const [, , refused] = await Promise.all(changes)
    expect(refused).to.be.instanceOf(Unservable)
    expect(names(controlPlane.entities())).to.deep.equal(['a', 'b', 'c'])
    expect(names(applied.at(-1) as Entities)).to.deep.equal(['a', 'b', 'c'])
  })

  it('takes back what cannot be kept', async () => {
    storeFails = true
    expect(await outcome(controlPlane.change(add('a'))))
      .to.be.an('error')
      .with.property('message', 'the disk is full')
    expect(controlPlane.entities()).to.equal(empty)
    expect(applied.at(-1)).to.equal(empty)
  })

  it('keeps edits with the declaration that they began with, and forgets them with the next one', async () => {
    await controlPlane.change(add('a'))
    expect(kept).to.deep.equal({ declaration: 'first', entities: controlPlane.entities() })
    await controlPlane.replace(empty, 'second')
    expect(kept).to.equal(undefined)
    await controlPlane.change(add('b'))
    expect(kept).to.include({ declaration: 'second' })
  })

  it('has another hash for every config, and zeros for none', async () => {
    expect(controlPlane.configHash()).to.equal('0'.repeat(32))
    await controlPlane.change(add('a'))
    expect(controlPlane.configHash()).to.match(/^(?!0{32})[0-9a-f]{32}$/)
  })
})
