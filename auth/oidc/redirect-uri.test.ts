import { expect } from 'chai'
import { isRedirectUri } from './redirect-uri.ts'

describe('where codes may be sent', () => {
  for (const uri of [
    'https://app.example/callback',
    'https://app.example:8443/callback?tenant=1',
    'http://localhost:3000/callback',
    'http://127.0.0.1/callback',
    'http://[::1]:9/callback',
  ])
    it(`is ${uri}`, () => expect(isRedirectUri(uri)).to.equal(true))

  for (const uri of [
    'http://app.example/callback',
    'http://localhost.app.example/callback',
    'https://*.app.example/callback',
    'https://app.example/*',
    'https://app.example/callback#',
    'https://app.example/callback#part',
    'https://shop.example@app.example/callback',
    'javascript:alert(1)',
    'com.example.app:/callback',
    '/callback',
    '',
  ])
    it(`is not ${uri || 'nowhere'}`, () => expect(isRedirectUri(uri)).to.equal(false))
})
