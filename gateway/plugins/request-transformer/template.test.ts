import { expect } from 'chai'
import { oneOrList, type Table, type Value } from './lua-values.ts'
import { compileTemplate, type TemplateScope } from './template.ts'

const among = (values: Record<string, Value>): Table => ({ get: (key) => values[key] })
const scope: TemplateScope = {
  headers: among({ 'user-agent': 'test/1', 'x-empty': '', 'x-two': oneOrList(['a', 'b']) }),
  query_params: among({ q: 'abc', n: '6', flag: true }),
  uri_captures: among({ id: '42', 0: '/x/42', 1: '42' }),
}

/** As Kong's documentation of the plugin has it, but for the header. */
const PREFIXED = `$((function()
    local value = query_params.q
    if not value then
      return
    end
    if value:sub(1, 6):lower() ~= "basic " then
      return "Basic " .. value      -- was not properly formatted
    end
    return value
  end)())`

describe('templates', () => {
  for (const [template, text] of [
    ['plain $ text (with) brackets', 'plain $ text (with) brackets'],
    ['$(uri_captures.id)-$(uri_captures[1])', '42-42'],
    ['$( headers["user-agent"] )', 'test/1'],
    ['$(uri_captures[0])', '/x/42'],
    ["$(headers['x-none'] or 'none')", 'none'],
    ['$(headers["x-empty"] or "none")', ''],
    ['$(query_params.q and "yes" or "no")', 'yes'],
    ['$(not query_params.q)', ''],
    ['$(type(headers["x-two"]) == "table" and headers["x-two"][1] .. "-first" or "one")', 'a-first'],
    ['$(10 * query_params.n)', '60'],
    ['$(1 + 2 * 3 ^ 2 - -4 / 8)', '19.5'],
    ['$(-7 % 3)', '2'],
    ['$(2 ^ 53) $(1e14) $(1e-5) $(1 / 0) $(0x10) $(0.1 + 0.2)', '9.007199254741e+15 1e+14 1e-05 inf 16 0.3'],
    ['$("a" .. "b" == "ab" and #query_params.q > 2 and "both")', 'both'],
    ['$(query_params.q:upper():sub(-2))', 'BC'],
    ['$(("x"):len() ~= 1 or nil)', ''],
    ['$(query_params.flag)', 'true'],
    ['$(("a" .. query_params.q) .. 1)', 'aabc1'],
    ['$(nil)', ''],
    ['$("quoted \\"x\\"")', 'quoted "x"'],
    ['$( $(query_params.q) $(headers', '$( abc $(headers'],
    ['$("a\\tb\\065\\x42")$([[c]])', 'a\tbABc'],
    ['$(query_params.q --[[the word]] .. "!")', 'abc!'],
    ['$(headers["user-agent"].b)$(("").len(query_params.q))', '3'],
    ['$(({ gold = "1", ["x-y"] = 2, "first" })[query_params.q] or "0")', '0'],
    ['$(({ abc = "1" })[query_params.q])$(({ "a", "b" })[2])$(#{ 1, 2, 3 })', '1b3'],
    ['$((function() end)())$(type(function() end))', 'function'],
    ['$((function(a, b) return b or a end)("x"))', 'x'],
    ['$((function() local a, b = 1, 2; a = a + b do local a = 9 end return a end)())', '3'],
    ['$((function() local function twice(x) return x * 2 end return twice(twice(3)) end)())', '12'],
    ['$((function() if false then return "a" elseif headers.none then return "b" else return "c" end end)())', 'c'],
    ['$((function() x = 1 end)())$(x)', '1'],
    [PREFIXED, 'Basic abc'],
    ['$(#headers["x-two"])', '2'],
    ['$(headers["x-two"])', 'table: 0x00000000'],
    ['$(nowhere)$(string)$(shared.nothing)$(type(shared))', 'table'],
    ['$(query_params.q:gsub("b", "-%0-"))', 'a-b-c'],
    ['$(headers["user-agent"]:match("^(%a+)/"))', 'test'],
    ['$(headers["user-agent"]:match("%d") == headers["user-agent"]:sub(-1))', 'true'],
    ['$(("a.b.c"):gsub("%.", "%%", 1))', 'a%b.c'],
    ['$(("a.b"):find(".", 1, true))$(("a.b"):find("%d"))', '2'],
    ['$(("a"):byte())$(("%s-%d"):format("x", 2.5))', '97x-2'],
  ] as const)
    it(`renders ${template}`, () => {
      expect(compileTemplate(template)(scope)).to.equal(text)
    })

  for (const template of [
    '$()',
    '$(1 +)',
    '$(if true)',
    '$(headers.a = 1)',
    '$("a)")',
    '$(function() return 1 end())',
    '$((function() return 1; x = 2 end)())',
    '$((function() while true do end end)())',
    '$((function() local a, b = query_params.q:match("(.)(.)") end)())',
    '$((function() headers.a = 1 end)())',
  ])
    it(`refuses ${template}`, () => {
      expect(() => compileTemplate(template)).to.throw(SyntaxError)
    })

  for (const template of [
    '$(headers.a.b)',
    '$(1 + query_params.q)',
    '$(nil .. "a")',
    '$(1 < "2")',
    '$(headers["x-two"] .. "a")',
    '$(os.exit())',
    '$(upper(query_params.q))',
    '$(string.upper(query_params.q))',
    '$(query_params.q:nothing())',
    '$((5):len())',
  ])
    it(`fails to render ${template}, as Lua does`, () => {
      expect(() => compileTemplate(template)(scope)).to.throw(TypeError)
    })
})
