import { describe, expect, test } from '@jest/globals'
import { ValidationPipe } from '@nestjs/common'
import { IsArray, IsOptional, IsString, ValidateIf, ValidateNested } from 'class-validator'
import fc from 'fast-check'
import { EvaluationShape } from '../../src/http/authzen.shapes.js'
import { lenientShape } from '../../src/http/shape.js'
import { shapeReader } from '../../src/http/shape-reader.js'

const read = shapeReader(EvaluationShape)
const pipe = new ValidationPipe({ expectedType: EvaluationShape, transform: true, whitelist: true })
const byPipe = (value: unknown): Promise<unknown> =>
  (pipe.transform(value, { type: 'body' }) as Promise<unknown>).catch(() => 'refused')

const RIGHT = {
  subject: { type: 'person', id: '47906701517' },
  action: { name: 'read' },
  resource: { type: 'person', id: '28816196088', properties: { service: 'nav.pension' } },
}

/** Anything that JSON can say, odd names and odd texts among it. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    '',
    ' ',
    'x'.repeat(100),
    'x'.repeat(101),
    '\ufe0f',
    '\ud83d\ude00'.repeat(60),
    '\u0000',
    -0,
    1.5,
    -1,
  ),
  fc.constantFrom(
    {},
    [],
    { service: null },
    { __proto__: { service: 'x' } },
    { constructor: 'x' },
    { prototype: 1 },
    { toString: 1, a: [{ valueOf: 1 }] },
  ),
)
const text = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('person', 'read', 'nav.pension') }, anything)
const member = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: right }, anything)
const object = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>, required: readonly string[]) =>
  fc
    .tuple(
      fc.record(members, { requiredKeys: [...required] }),
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.dictionary(fc.string(), anything, { maxKeys: 2 })),
    )
    .map(([known, more]) => ({ ...more, ...known }))

const body = object(
  {
    subject: member(object({ type: text, id: text }, ['type', 'id'])),
    action: member(object({ name: text }, ['name'])),
    resource: member(
      object(
        {
          type: text,
          id: text,
          properties: member(object({ service: text, provider: text, object: text }, ['service'])),
        },
        ['type', 'id', 'properties'],
      ),
    ),
    context: member(object({ acr: text, auth_time: fc.oneof(fc.nat(), anything), login_token: text }, [])),
  },
  ['subject', 'action', 'resource'],
)

describe('a value that is read by the rules of its shape', () => {
  test('is taken where the pipe takes it, and is the same; nothing is taken that the pipe refuses', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 9, arbitrary: body }, anything), async (value) => {
        const made = read(structuredClone(value))
        const expected = await byPipe(structuredClone(value))
        expect(made ?? 'refused').toEqual(expected)
        if (made !== undefined) taken++
      }),
      { numRuns: 3000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  test('is made of the classes of its shape, without what the shape does not know', () => {
    const made = read({ ...RIGHT, more: 1, action: { name: 'read', more: 1 } })
    expect(made).toBeInstanceOf(EvaluationShape)
    expect(JSON.stringify(made)).toBe(JSON.stringify(RIGHT))
  })

  test('is explained by the pipe when it is wrong', async () => {
    const wrong = { ...RIGHT, subject: { type: 'person', id: 7 } }
    await expect(lenientShape(EvaluationShape).transform(wrong, { type: 'body' })).rejects.toMatchObject({
      code: 'invalid_request',
      detail: expect.stringContaining('subject.id') as unknown,
    })
  })
})

describe('a shape with a rule that is not read here', () => {
  class Part {
    @IsString()
    name: string
  }
  class Each {
    @IsString({ each: true })
    names: string[]
  }
  class Parts {
    @IsArray()
    @ValidateNested({ each: true })
    parts: Part[]
  }
  class Condition {
    @ValidateIf((value: Condition) => value.name !== 'x')
    @IsString()
    name: string
  }
  class Group {
    @IsOptional({ groups: ['a'] })
    @IsString()
    name?: string
  }

  test.each([Each, Parts, Condition, Group])('is refused at once: %p', (shape) => {
    expect(() => shapeReader(shape)).toThrow('has a rule that is not read here')
  })
})
