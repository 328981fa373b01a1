import { expect } from 'chai'
import { until } from '../dev/stack/until.ts'
import { createControlPlane, type Edit, Unservable } from './control-plane.ts'
import { validate } from './declarative/validate.ts'
import type { Entities, Service } from './entities.ts'
import type { Edited } from './persistence/store.ts'
import { createPropagation } from './propagation.ts'
import { silent } from './proxy/rehearsal.ts'

const { entities: empty } = validate({ _format_version: '3.0' }) as { entities: Entities }

const names = ({ services }: Entities) => services.map(({ name }) => name)
const add =
  (name: string, path?: string): Edit<string> =>
  (entities) => {
    const service = { id: name, name, ...(path && { path }) } as Service
    return { entities: { ...entities, services: [...entities.services, service] }, result: name }
  }

describe('the control plane', () => {
  let applied: Entities[]
  let kept: Edited | undefined
  let controlPlane: ReturnType<typeof createControlPlane>
  let storeFails: boolean
  /** Milliseconds: what the clock shows, and what workers take. */
  let time: number
  let slow: number

  beforeEach(() => {
    applied = []
    kept = undefined
    storeFails = false
    time = 0
    slow = 0
    const workers = {
      async apply(entities: Entities) {
        await Promise.resolve()
        time += slow
        applied.push(entities)
        if (names(entities).includes('refused')) throw new Error('the environment variable TOKEN is not set')
      },
    }
    controlPlane = createControlPlane({
      initial: empty,
      declaration: 'first',
      propagation: createPropagation({ workers, log: silent, now: () => time }),
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
    expect(kept).to.deep.include({ declaration: 'first', entities: controlPlane.entities() })
    await controlPlane.replace(empty, 'second')
    expect(kept).to.equal(undefined)
    await controlPlane.change(add('b'))
    expect(kept).to.include({ declaration: 'second' })
  })

  it('tells the store what each edit has changed', async () => {
    await controlPlane.change(add('a'))
    await controlPlane.change(add('b'))
    expect(kept?.changes).to.deep.equal([{ collection: 'services', put: [{ name: 'b', id: 'b' }], gone: [] }])
  })

  describe('where workers take long', () => {
    const served = () => names(applied.at(-1) as Entities)

    beforeEach(async () => {
      slow = 600
      await controlPlane.change(add('first'))
    })

    it('answers many edits in a row when they are kept, and the workers follow', async () => {
      await controlPlane.change(add('a'))
      await controlPlane.change(add('b'))
      expect(names(kept?.entities as Entities)).to.deep.equal(['first', 'a', 'b'])
      expect(served()).to.deep.equal(['first'])
      await until(() => served().length === 3, { within: 5_000, what: 'the workers have everything' })
      expect(served()).to.deep.equal(['first', 'a', 'b'])
      expect(applied).to.have.length(2)
    })

    it('still waits for what a worker may refuse, which then changes nothing', async () => {
      await controlPlane.change(add('a'))
      const refused = controlPlane.change(add('refused', '{vault://env/token}'))
      expect(await outcome(refused)).to.be.instanceOf(Unservable)
      expect(names(controlPlane.entities())).to.deep.equal(['first', 'a'])
      expect(served()).to.deep.equal(['first', 'a'])
    })

    it('waits for them again after a pause', async () => {
      time += 2_000
      await controlPlane.change(add('a'))
      expect(served()).to.deep.equal(['first', 'a'])
    })
  })

  it('has another hash for every config, and zeros for none', async () => {
    expect(controlPlane.configHash()).to.equal('0'.repeat(32))
    await controlPlane.change(add('a'))
    expect(controlPlane.configHash()).to.match(/^(?!0{32})[0-9a-f]{32}$/)
  })
})
