import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { freePort } from '../test/support/ports.ts'
import { checkPorts, DEFAULT_PORTS, readPorts } from './ports.ts'

describe('ports', () => {
  let server: Server | undefined

  afterEach(() => {
    server?.close()
    server = undefined
  })

  const refusal = (ports: Parameters<typeof checkPorts>[0]) =>
    checkPorts(ports).then(
      () => 'no refusal',
      (error: Error) => error.message,
    )

  it('names a taken port, the process that has it, and the variable that moves ours', async () => {
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const message = await refusal({ REDIS_PORT: port, SMTP_PORT: await freePort() })
    expect(message).to.match(new RegExp(`^Port ${port} is taken by node .*\\(pid ${process.pid}\\): .*REDIS_PORT`))
    expect(message).not.to.include('SMTP_PORT')
  })

  it('takes no offence at free ports', async () => {
    expect(await refusal({ REDIS_PORT: await freePort() })).to.equal('no refusal')
  })

  it('refuses one port for two servers', async () => {
    const port = await freePort()
    expect(await refusal({ REDIS_PORT: port, SMTP_PORT: port })).to.include('REDIS_PORT and SMTP_PORT')
  })

  it('moves with the environment', () => {
    expect(readPorts({ REDIS_PORT: '7000' })).to.deep.equal({ ...DEFAULT_PORTS, REDIS_PORT: 7000 })
  })

  for (const value of ['', '0', '65536', 'http', '80 ', '1e3']) {
    it(`refuses "${value}" as a port and names its variable`, () => {
      expect(() => readPorts({ USERS_PORT: value })).to.throw('USERS_PORT')
    })
  }
})
