import { expect } from 'chai'
import { ApiError } from '../../../api/errors.ts'
import { EMPTY, refusedIn, toDraft, toRegistration } from './draft.ts'

describe("an app's registration, as it is typed", () => {
  it('has its addresses one a line, each once', () => {
    const { redirectUris, postLogoutRedirectUris } = toRegistration({
      ...EMPTY,
      redirectUris: ' https://a.example/\n\nhttps://b.example/\r\nhttps://a.example/ \n',
    })
    expect(redirectUris).to.deep.equal(['https://a.example/', 'https://b.example/'])
    expect(postLogoutRedirectUris).to.deep.equal([])
  })

  it('asks for openid in any case', () => {
    expect(toRegistration({ ...EMPTY, scopes: ['email'] }).scopes).to.deep.equal(['openid', 'email'])
  })

  it('is typed as it was registered, and registered so again', () => {
    const registered = {
      ...{ name: 'Tea House', confidential: false, scopes: ['openid', 'email'] },
      ...{ redirectUris: ['https://a.example/', 'https://b.example/'], postLogoutRedirectUris: [] },
    }
    expect(toRegistration(toDraft(registered))).to.deep.equal(registered)
  })

  it('knows which addresses were refused', () => {
    const sent = toRegistration({ ...EMPTY, redirectUris: 'https://a.example http://b.example http://c.example' })
    const errors = ['redirectUris.1', 'redirectUris.2', 'postLogoutRedirectUris.0'].map((field) => ({
      field,
      message: 'must be https',
    }))
    const refusal = new ApiError(400, { errors }, new Headers())
    expect(refusedIn(refusal, 'redirectUris', sent)).to.deep.equal(['http://b.example', 'http://c.example'])
    expect(refusedIn(refusal, 'postLogoutRedirectUris', sent)).to.deep.equal([])
    expect(refusedIn(new Error('no connection'), 'redirectUris', sent)).to.deep.equal([])
  })
})
