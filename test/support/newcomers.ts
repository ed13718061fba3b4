import { Database } from '../../src/store/database.js'
import { yearsAgo } from './people.js'
import type { TestService } from './service.js'
import { Visitor } from './visitors.js'

/** Someone made for one test and logged in, so that the limits of one test are not those of another. */
export async function newcomer(parts: TestService, givenName: string, age = 40): Promise<Visitor> {
  const { id } = await parts.people.add({ givenName, familyName: 'Prøvesen', bornOn: yearsAgo(age) })
  return Visitor.logIn(parts, id)
}

/** The serving role cannot move the clock, nor change what a register says: the owner does. */
export async function asOwner<Row>(
  parts: TestService,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const owner = await Database.open({ url: parts.testDatabase.ownerUrl, connections: 1 })
  try {
    return await owner.query<Row>({ name: `test_${text.slice(0, 40)}`, text }, values)
  } finally {
    await owner.close()
  }
}
