import { expect } from 'chai'
import { deviceLabel } from './device-label.ts'

const MOZILLA = 'Mozilla/5.0'
const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

const LABELS: Record<string, string> = {
  [`${MOZILLA} (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`]: 'Chrome on Windows',
  [`${MOZILLA} (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`]:
    'Edge on Windows',
  [`${MOZILLA} (X11; Linux x86_64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0`]: 'Opera on Linux',
  [`${MOZILLA} (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`]: 'Chrome on ChromeOS',
  [`${MOZILLA} (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0`]: 'Firefox on macOS',
  [`${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15`]:
    'Safari on macOS',
  [`${MOZILLA} (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`]:
    'Chrome on iPhone',
  [`${MOZILLA} (Linux; Android 15; SM-S931B) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`]:
    'Samsung Internet on Android',
  'curl/8.14.1': 'curl',
  'jade-shop-app/3.2 (build 7)': 'jade-shop-app',
  node: 'node',
  '': 'Unknown device',
  '<script>alert(1)</script>': 'Unknown device',
}

describe('the label of a device', () => {
  for (const [userAgent, label] of Object.entries(LABELS))
    it(`is ${label} for ${userAgent || 'nothing'}`, () => {
      expect(deviceLabel(userAgent)).to.equal(label)
    })
})
