import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { CatalogueVersion } from '../../src/domain/catalogue.js'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'
import { unconfirmedRuleCount, unconfirmedRules } from '../../src/registers/unconfirmed-rules.js'

let catalogue: CatalogueVersion
beforeAll(async () => {
  catalogue = await readCatalogueFiles(path.resolve('catalogue'))
})

describe('the list of what nobody has confirmed', () => {
  test('is in step with the catalogue', async () => {
    await expect(readFile('docs/unconfirmed-rules.md', 'utf8')).resolves.toBe(unconfirmedRules(catalogue))
  })

  test('names every rule that is only proposed, and no confirmed one', () => {
    const [first, ...others] = catalogue.services.filter(({ mandate }) => mandate !== null)
    if (!first?.mandate) throw new Error('no service can be given by mandate')
    const mark = { kind: 'confirmed', by: 'Kari', on: '2027-01-31' } as const
    const confirmed = { ...catalogue, services: [{ ...first, mandate: { ...first.mandate, mark } }, ...others] }
    expect(unconfirmedRules(catalogue)).toContain(`| ${first.id} by mandate`)
    expect(unconfirmedRules(confirmed)).not.toContain(`| ${first.id} by mandate`)
    expect(unconfirmedRules(confirmed)).toContain(`| ${others[0]?.id ?? ''} by mandate`)
  })

  test.each([
    ['of every service', /^\| every service: /m],
    ['a reduced band', /^\| health\.prescriptions for a parent until 16: read, write; from 12 only: read;/m],
    ['co-residence', /^\| health\.record for a parent .*; one of those responsible must live where the child does \|/m],
    [
      'consent for the act',
      /^\| land\.registry for a parent .*; the act needs the consent of the Statsforvalter: sign \|/m,
    ],
    ['a lasting power', /^\| nav\.pension by a confirmed lasting power that names it: read, communicate, write \|/m],
    ['a role', /^\| tax\.return for an organisation by DAGL: read, write \|/m],
    ['a role held in common', /^\| tax\.return for an organisation by SIFE: sign; all who hold the role together \|/m],
  ])('tells %s', (_, line) => {
    expect(unconfirmedRules(catalogue)).toMatch(line)
  })

  test('has as many lines as are counted at start', () => {
    const [rules = ''] = unconfirmedRules(catalogue).split('## Choices')
    expect(rules.match(/^\| (?!Rule |---)/gm)).toHaveLength(unconfirmedRuleCount(catalogue))
  })

  test('keeps a bar inside a source from breaking the table', () => {
    const [rule] = catalogue.personalByLaw
    if (rule === undefined) throw new Error('no personal rule')
    const barred = unconfirmedRules({ ...catalogue, personalByLaw: [{ ...rule, source: 'one | two' }] })
    expect(barred).toContain('| one \\| two |')
  })
})
