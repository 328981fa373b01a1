import { expect } from 'chai'
import { besieged, request, statuses } from '../../test/support/siege.ts'

describe('hostile input to a pattern that repeats itself', function () {
  this.timeout(20_000)
  const siege = besieged()
  const nearlyAlike = `${'a'.repeat(5_000)}!`

  const attacks: [where: string, message: string, status: number][] = [
    ['a path', request(`/${nearlyAlike}`), 404],
    ['a header that a route asks for', request('/asked', 'a.test', `X-Asked: ${nearlyAlike}`), 404],
    ['a User-Agent', request('/watched', 'a.test', `User-Agent: ${nearlyAlike}`), 200],
    ['an Origin', request('/watched', 'a.test', `Origin: ${nearlyAlike}`), 200],
  ]
  for (const [where, message, status] of attacks)
    it(`by ${where} is answered, and holds up nobody`, async () => {
      const [attacked, meanwhile] = await Promise.all([siege.say(message), siege.say(request('/open'))])
      expect(statuses(attacked)).to.deep.equal([status])
      expect(statuses(meanwhile)).to.deep.equal([200])
    })
})
