import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const status = async (userAgent: string | string[], config: object = {}) =>
  (await rehearse(onService([{ name: 'bot-detection', config }])).send({ headers: { 'user-agent': userAgent } })).status

describe('bot-detection', () => {
  for (const bot of [
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'facebookexternalhit/1.1',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (compatible; AhrefsBot/7.0)',
    'Apache-HttpClient/4.5',
    'Go-http-client/1.1',
    'Scrapy/2.11 (+https://scrapy.org)',
    'Pingdom.com_bot_version_1.4',
    'my spider',
    'x/MyBot-2',
    'aws-sdk-go/1.44.0',
    'BotName/$BotVersion',
  ])
    it(`refuses ${bot}`, async () => {
      expect(await status(bot)).to.equal(403)
    })

  for (const person of [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1',
    'Mozilla/5.0 (Windows NT 10.0; rv:121.0) Gecko/20100101 Firefox/121.0',
    'curl/8.5.0',
    'python-requests/2.31',
    'MyBot-2',
    'CUBOT X19',
    'aws-sdk-rust/1.0',
    'facebookexternalhit',
    '',
  ])
    it(`lets ${person || 'an empty User-Agent'} pass`, async () => {
      expect(await status(person)).to.equal(200)
    })

  it('lets pass what is allowed, refuses what is denied, by regex and letter case', async () => {
    const config = { allow: ['Googlebot'], deny: ['^curl', '(?i)shop'] }
    expect(await status('Googlebot/2.1', config)).to.equal(200)
    expect(await status('curl/8.5.0', config)).to.equal(403)
    expect(await status('x curl', config)).to.equal(200)
    expect(await status('my SHOP', config)).to.equal(403)
    expect(await status('', { deny: ['^$'] })).to.equal(403)
  })

  it('takes what PCRE has beyond the regexes of routes', async () => {
    const config = { deny: ['^shop(?=/)', '^(x)\\1'] }
    expect(await status('shop/1', config)).to.equal(403)
    expect(await status('shop', config)).to.equal(200)
    expect(await status('xx', config)).to.equal(403)
  })

  it('refuses two User-Agent headers', async () => {
    expect(await status(['a', 'b'])).to.equal(400)
  })
})
