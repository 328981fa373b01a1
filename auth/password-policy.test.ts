import { expect } from 'chai'
import { type PasswordPolicy, readPasswordPolicy } from './password-policy.ts'

describe('password policy', () => {
  let judge: PasswordPolicy
  before(async () => {
    judge = await readPasswordPolicy()
  })
  const verdict = (password: string) => judge(password, 'malee.srisai@example.com')

  for (const password of [
    'a lazy pangolin sings',
    'Tr0ub4dor&3xyz',
    'ฉันชอบกินข้าวเหนียวมะม่วง',
    '🐉🐉🐲🐉🐉🐲🐲🐉🐉🐲🐲🐲',
    'Sunshine-2384-9921-7741',
  ]) {
    it(`takes ${password}`, () => expect(verdict(password)).to.equal(undefined))
  }

  it('counts characters, not bytes or code units', () => {
    expect(verdict('🐉🐲🐉🐉🐲🐲🐉🐉🐉🐲🐲')).to.equal('must have at least 12 characters')
    expect(verdict('ab1 '.repeat(64) + 'x')).to.equal('must have at most 256 characters')
  })

  const common = [
    'password1234',
    'Password1234!',
    'P@ssw0rd2025',
    '123456789012',
    'qwertyuiop[]',
    'passwordpassword',
    'abcabcabcabc',
    'JadePalace2025!',
  ]
  for (const password of [
    ...common,
    'correct horse battery staple',
    'ILOVEYOU-12345',
    'aaaaaaaaaaaaa',
    '!!!password!!!',
  ]) {
    it(`refuses ${password}`, () => expect(verdict(password)).to.equal('is one of the most common passwords'))
  }

  for (const password of ['malee.srisai@example.com', 'Malee.Srisai1', 'maleesrisai123']) {
    it(`refuses ${password} for malee.srisai@example.com`, () => {
      expect(verdict(password)).to.equal('must not be your e-mail address')
    })
  }
})
