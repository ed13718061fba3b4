import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { hasDuplicateMember } from '../../src/domain/duplicate-members.js'

describe('a text names a member twice', () => {
  test.each([
    ['at the top', '{"a":1,"a":2}'],
    ['with the same value', '{"a":1,"a":1}'],
    ['not next to each other', '{"a":1,"b":{"c":[1,2]},"a":2}'],
    ['in an inner object', '{"x":{"a":1,"a":2}}'],
    ['in an object in an array', '[0,[{"b":1},{"a":1,"a":2}]]'],
    ['after an inner object that closed', '{"a":{"b":1},"c":{"b":1},"a":1}'],
    ['after an inner array that closed', '{"a":[1,"x"],"a":1}'],
    ['written in two ways', '{"a":1,"\\u0061":2}'],
    ['in both ways with an escape', '{"\\n":1,"\\u000a":2}'],
    ['with a space before the name', '{"a":1, "a":2}'],
    ['with a line break before the name', '{"a":1,\n"a":2}'],
    ['with the other line break before the name', '{"a":1,\r"a":2}'],
    ['with a tab before the name', '{"a":1,\t"a":2}'],
    ['with white space everywhere', ' {\n"a" : 1 ,\t"a"\r: 2 } '],
    ['with the empty name', '{"":1,"":2}'],
    ['with the name that objects inherit by', '{"__proto__":1,"__proto__":2}'],
    ['with a name that ends in a backslash', '{"a\\\\":1,"a\\\\":2}'],
    ['with a name beyond the first plane', '{"😀":1,"\\ud83d\\ude00":2}'],
  ])('%s', (_name, json) => {
    expect(hasDuplicateMember(json)).toBe(true)
  })
})

describe('a text names no member twice', () => {
  test.each([
    ['though an inner object uses the name again', '{"a":{"a":{"a":1}}}'],
    ['though two siblings use the name', '[{"a":1},{"a":2}]'],
    ['though a value looks like the name', '{"a":"a","b":"a"}'],
    ['though a value looks like a member', '{"a":"\\",\\"a\\":1","b":"{\\"a\\":1,\\"a\\":2}"}'],
    ['though an array repeats a text', '{"a":["b","b","a"],"b":1}'],
    ['though names differ in case and composition', '{"a":1,"A":2,"å":3,"a\\u030a":4}'],
    ['though a name is an inherited one', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
    ['for it is empty', '{}'],
    ['for it is no object', '"a"'],
    ['for there is nothing but arrays', '[["a","a","a"],["a"]]'],
  ])('%s', (_name, json) => {
    expect(hasDuplicateMember(json)).toBe(false)
  })
})

test('no text that JSON.stringify writes names a member twice', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => !hasDuplicateMember(JSON.stringify(value))))
})

test('a name is found again wherever its object has it', () => {
  const members = fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(members, fc.nat(), fc.nat(), fc.jsonValue(), (names, which, where, value) => {
      const again = names[which % names.length] ?? ''
      const all = names.toSpliced(where % (names.length + 1), 0, again)
      const text = (list: readonly string[]) => {
        const pairs = list.map((name) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
        return `[{"outer":{${pairs.join(',')}}}]`
      }
      return hasDuplicateMember(text(all)) && !hasDuplicateMember(text(names))
    }),
  )
})

test('a text of many members is read in one go: comparing every name with every other would take hours', () => {
  const members = Array.from({ length: 1_000_000 }, (_, i) => `"name${i}":[{"a":"\\\\"}]`)
  expect(hasDuplicateMember(`{${members.join(',')}}`)).toBe(false)
})
