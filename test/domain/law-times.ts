import { reachesAge, startOfDay } from '../../src/domain/calendar.js'
import type { LawSituation } from './law-situation.js'

/**
 * Every later instant at which anything in the facts could begin, end or grow old, and the millisecond before it: between
 * two of them nothing can change by time.
 */
export function changesOf({ question, facts, catalogue }: LawSituation): Date[] {
  const { actor, principal, grounds, holders, rulings } = facts
  const { current } = catalogue
  const asked = current.services.find(({ id }) => id === question.power.service)
  const ages = [18, asked?.selfFromAge, asked?.parent?.untilAge, asked?.parent?.reduced?.fromAge]
  const more = [...ages, asked?.mandate?.principalFromAge, asked?.mandate?.representativeFromAge]
  const fresh = current.riskClasses.find(({ id }) => id === asked?.riskClass)?.freshnessMinutes ?? 0
  const mandates = grounds.filter((ground) => ground.basis === 'mandate')
  const above = mandates.flatMap(({ parent }) => (parent === null ? [] : [parent]))
  const parties = [actor, principal, ...above.map(({ middle }) => middle)].filter((party) => party !== null)
  const byLaw = grounds.filter((ground) => ground.basis !== 'mandate')
  const times: (Date | null)[] = [
    ...[...byLaw, ...holders, ...rulings].flatMap(({ validFrom, validUntil }) => [validFrom, validUntil]),
    ...[...mandates, ...above].flatMap(({ answerBy, powers }) => [
      answerBy,
      ...powers.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil]),
    ]),
    ...[...parties, ...holders].map(({ diedOn }) => (diedOn === null ? null : startOfDay(diedOn))),
    ...parties.flatMap(({ bornOn }) =>
      bornOn === null ? [] : more.map((age) => (age === undefined ? null : reachesAge(bornOn, age))),
    ),
    ...[...parties, ...byLaw].map(({ factsFreshAt }) =>
      factsFreshAt === null ? null : new Date(factsFreshAt.getTime() + fresh * 60_000),
    ),
  ]
  const around = times.flatMap((time) => (time === null ? [] : [time.getTime() - 1, time.getTime()]))
  const later = new Set(around.filter((time) => time > question.instant.getTime()))
  return [...later].sort((a, b) => a - b).map((time) => new Date(time))
}
