import { expect } from 'chai'
import { escapePath, normalisePath, toBytes } from './normalise.ts'

describe('normalisePath', () => {
  const cases: [path: string, normalised: string, rule: string][] = [
    ['/', '/', 'leaves the root'],
    ['/a/b', '/a/b', 'leaves what is normal'],
    ['/a/./b/../c', '/a/c', 'removes dot segments'],
    ['/a/%2e%2E/b', '/b', 'removes encoded dot segments'],
    ['/../../a', '/a', 'does not climb above the root'],
    ['/a/..', '/', 'ends with a slash behind a removed segment'],
    ['/a/.', '/a/', 'ends with a slash behind a removed dot'],
    ['/a//b///', '/a/b/', 'merges slashes'],
    ['/a/...', '/a/...', 'takes three dots for a name'],
    ['/%7Euser/%41', '/~user/A', 'decodes what needs no encoding'],
    ['/a%2fb%3f', '/a%2Fb%3F', 'keeps reserved characters encoded, in upper case'],
    ['/100%25', '/100%25', 'keeps an encoded percent sign'],
    ['/%zz', '/%zz', 'leaves what is no encoding'],
    ['/caf%c3%a9', toBytes('/café'), 'decodes bytes outside ASCII'],
  ]
  for (const [path, normalised, rule] of cases) it(rule, () => expect(normalisePath(path)).to.equal(normalised))
})

describe('escapePath', () => {
  it('encodes what must not travel as it is', () => {
    expect(escapePath(toBytes('/a b"<é'))).to.equal('/a%20b%22%3C%C3%A9')
  })

  it('leaves reserved characters and encodings as they are', () => {
    expect(escapePath("/a%2Fb+;=,@:!$&'()*[]")).to.equal("/a%2Fb+;=,@:!$&'()*[]")
  })
})
