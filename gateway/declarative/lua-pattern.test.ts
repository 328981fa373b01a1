import { expect } from 'chai'
import { matchesLuaPattern } from './lua-pattern.ts'

describe('a Lua pattern', () => {
  const cases: [pattern: string, matching: string, other: string][] = [
    ['^%u+$', 'GET', 'get'],
    ['^[a-z][a-z%d-]-[a-z%d]+$', 'my-env2', 'My-env'],
    ['^%*%.', '*.a', 'a.*'],
    ['^[^*]*%*?[^*]*$', 'a*b', '*a*'],
    ['^[^:]+:.*$', 'name:value', 'name'],
    ['^[^*&%%\\\\`]+$', '/tmp/file', '/tmp/100%'],
    ['^[%a_-][%a%d_-]*$', 'JADE_1', '1JADE'],
    ['a{1}|b', 'xa{1}|b', 'a'],
    ['^%W%A%D$', '_1a', 'a1a'],
    ['^%p+$', '!/:@[`{~_', 'a'],
    ['^%c$', '\x7f', ' '],
  ]
  for (const [pattern, matching, other] of cases) {
    it(`${pattern} takes ${matching} and not ${other}`, () => {
      expect(matchesLuaPattern(matching, pattern)).to.equal(true)
      expect(matchesLuaPattern(other, pattern)).to.equal(false)
    })
  }
})
