import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { ACTIONS, type CatalogueVersion, LANGUAGES, type Text } from '../../src/domain/catalogue.js'
import { readCatalogueFiles, summarise } from '../../src/registers/catalogue-files.js'

let catalogue: CatalogueVersion
beforeAll(async () => {
  catalogue = await readCatalogueFiles(path.resolve('catalogue'))
})

describe('texts for citizens', () => {
  const words = ['delegering', 'delegation', 'delegate', 'rettighet', 'rettigheit', 'tillatelse', 'permission', 'aktør']
  const avoided = new RegExp(
    [...words, 'tilgangspakk', 'representer', 'represent', 'løyve', 'access package'].join('|'),
    'i',
  )

  function allTexts(): readonly (readonly [string, Text])[] {
    return [
      ...catalogue.lifeAreas.map(({ id, name }) => [`life_areas.${id}`, name] as const),
      ...catalogue.services.flatMap(({ id, name, description, objectName, actionTexts }) => [
        [`${id}.name`, name] as const,
        [`${id}.description`, description] as const,
        ...(objectName === null ? [] : [[`${id}.object_name`, objectName] as const]),
        ...Object.entries(actionTexts).map(([action, found]) => [`${id}.action_texts.${action}`, found] as const),
      ]),
      ...catalogue.personalByLaw.map(({ id, text }) => [`personal_by_law.${id}`, text] as const),
    ]
  }

  test('stand in four languages, in plain words', () => {
    for (const [where, found] of allTexts()) {
      expect([where, Object.keys(found)]).toEqual([where, [...LANGUAGES]])
      for (const language of LANGUAGES) expect(found[language]).toMatch(/^\S.*\S$/)
      for (const language of LANGUAGES)
        expect([where, language, avoided.exec(found[language])]).toEqual([where, language, null])
    }
  })

  test('there is one for each action and none besides', () => {
    for (const { actions, actionTexts } of catalogue.services) {
      expect(ACTIONS.filter((action) => action in actionTexts)).toEqual(
        ACTIONS.filter((action) => actions.includes(action)),
      )
    }
  })

  test('of actions end a sentence, descriptions are sentences', () => {
    for (const { actionTexts, description } of catalogue.services) {
      for (const text of Object.values(actionTexts).flatMap((found) => Object.values(found))) {
        expect(text).toMatch(/^\p{Ll}.*[^.]$/u)
      }
      for (const text of Object.values(description)) expect(text).toMatch(/^\p{Lu}.*\.$/u)
    }
  })

  test('no speaker has read the Sámi ones yet, and the count says so', () => {
    expect([...catalogue.unreadSami].sort()).toEqual(
      allTexts()
        .map(([where]) => where)
        .sort(),
    )
    expect(summarise(catalogue)).toBe('27 services, version 3, 141 Sámi texts not yet read by a speaker')
  })
})
