import { describe, expect, test } from '@jest/globals'
import { TokenRefused, readStrictJws } from '../../src/login/strict-jws.js'

const segment = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url')
const HEADER = segment('{"alg":"RS256","kid":"k"}')
const PAYLOAD = segment('{"iss":"x"}')
/** The last character has two spare bits, so that it can be written in four ways. */
const SIGNATURE = segment(Uint8Array.of(1, 2, 3, 4, 5))
const TOKEN = `${HEADER}.${PAYLOAD}.${SIGNATURE}`

test('a token in canonical form is read', () => {
  expect(readStrictJws(TOKEN)).toEqual({ header: { alg: 'RS256', kid: 'k' }, payload: { iss: 'x' } })
})

test('a certificate chain in the header is no fault: ID-porten sends one in logout tokens', () => {
  const header = segment('{"alg":"RS256","kid":"k","x5c":["MIIB"]}')
  expect(readStrictJws(`${header}.${PAYLOAD}.${SIGNATURE}`).payload).toEqual({ iss: 'x' })
})

test('sixteen kibibytes are read, and not one character more', () => {
  const padded = (bytes: number) => segment(`{"a":"${'x'.repeat(bytes)}"}`)
  const lengths = new Set<number>()
  for (let bytes = 12_240; bytes < 12_256; bytes++) {
    for (const signature of [segment(Buffer.alloc(5)), segment(Buffer.alloc(6))]) {
      const token = `${HEADER}.${padded(bytes)}.${signature}`
      lengths.add(token.length)
      if (token.length > 16_384) expect(() => readStrictJws(token)).toThrow('longer than 16 KiB')
      else expect(readStrictJws(token).header).toMatchObject({ kid: 'k' })
    }
  }
  expect(lengths.has(16_384) && lengths.has(16_385)).toBe(true)
})

describe('a token is refused', () => {
  const form = 'three segments of canonical base64url'
  test.each<[string, unknown, string]>([
    ['that is no text', 42, 'not a text'],
    ['that is missing', undefined, 'not a text'],
    ['that is empty', '', form],
    ['with two segments', `${HEADER}.${PAYLOAD}`, form],
    ['with four segments', `${TOKEN}.${SIGNATURE}`, form],
    ['with five segments, as encrypted ones have', `${TOKEN}.${SIGNATURE}.${SIGNATURE}`, form],
    ['with an empty header', `.${PAYLOAD}.${SIGNATURE}`, form],
    ['with an empty payload', `${HEADER}..${SIGNATURE}`, form],
    ['with an empty signature', `${HEADER}.${PAYLOAD}.`, form],
    ['with padding', `${TOKEN}=`, form],
    ['with padding in the payload', `${HEADER}.${PAYLOAD}==.${SIGNATURE}`, form],
    ['with a space after it', `${TOKEN} `, form],
    ['with a space before it', ` ${TOKEN}`, form],
    ['with a line feed at the end', `${TOKEN}\n`, form],
    ['with a line feed in the signature', `${TOKEN.slice(0, -2)}\n${TOKEN.slice(-2)}`, form],
    ['with a zero character in it', `${TOKEN}\0`, form],
    ['with spare bits set in the signature', `${TOKEN.slice(0, -1)}V`, form],
    ['with a segment of a length that none has', TOKEN.slice(0, -2), form],
    ['in the other alphabet', `${HEADER}.${PAYLOAD}.+/+/`, form],
    ['with a comma for a dot', TOKEN.replaceAll('.', ','), form],
    ['in JSON serialisation', JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE }), form],
    ['with a header that is no JSON', `${segment('alg=RS256')}.${PAYLOAD}.${SIGNATURE}`, 'the header is not JSON'],
    [
      'with a header that is an array',
      `${segment('["alg"]')}.${PAYLOAD}.${SIGNATURE}`,
      'the header is not a JSON object',
    ],
    ['with a payload that is null', `${HEADER}.${segment('null')}.${SIGNATURE}`, 'the payload is not a JSON object'],
    ['with a payload that is a text', `${HEADER}.${segment('"iss"')}.${SIGNATURE}`, 'the payload is not a JSON object'],
    ['with bytes that are no UTF-8', `${HEADER}.${segment(Uint8Array.of(123, 255, 125))}.${SIGNATURE}`, 'in UTF-8'],
    ['with a byte order mark', `${HEADER}.${segment('\ufeff{}')}.${SIGNATURE}`, 'the payload is not JSON'],
    ['with two payloads', `${HEADER}.${segment('{}{}')}.${SIGNATURE}`, 'the payload is not JSON'],
    [
      'with alg twice',
      `${segment('{"alg":"none","alg":"RS256"}')}.${PAYLOAD}.${SIGNATURE}`,
      'the header names a member twice',
    ],
    [
      'with iss twice',
      `${HEADER}.${segment('{"iss":"a","iss":"b"}')}.${SIGNATURE}`,
      'the payload names a member twice',
    ],
    [
      'with a claim twice in two spellings',
      `${HEADER}.${segment('{"pid":"1","p\\u0069d":"2"}')}.${SIGNATURE}`,
      'twice',
    ],
    ['with a member twice deep inside', `${HEADER}.${segment('{"act":{"sub":"a","sub":"b"}}')}.${SIGNATURE}`, 'twice'],
    ...['jku', 'jwk', 'x5u', 'crit', 'b64', 'zip'].map((name): [string, string, string] => [
      `whose header steers by ${name}`,
      `${segment(`{"alg":"RS256","kid":"k","${name}":null}`)}.${PAYLOAD}.${SIGNATURE}`,
      `the header has the member ${name}`,
    ]),
  ])('%s', (_name, token, reason) => {
    const read = () => readStrictJws(token)
    expect(read).toThrow(TokenRefused)
    expect(read).toThrow(reason)
  })
})
