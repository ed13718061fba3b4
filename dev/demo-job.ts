import { confirmMandate, draftMandate, endMandate, lookAtActivity } from './demo-giving.js'
import {
  ask,
  askAfterEnd,
  checkForgeries,
  checkToken,
  exchange,
  expectation,
  openSession,
  reportUse,
  tryWhatWasNotGiven,
} from './demo-proving.js'
import { type Report, textIn } from './demo-report.js'
import type { Stage } from './demo-stage.js'

/** How many steps `doMainJob` has. */
export const STEPS = 13

/**
 * Does the main job: one gives, the service asks, proves and checks, one ends, and the next request is refused.
 *
 * @throws WrongOutcome at the first step that comes out otherwise than it must: the later ones rest on it.
 */
export async function doMainJob(stage: Stage, report: Report): Promise<void> {
  await askBefore(stage, report)
  const { browser, draft } = await draftMandate(stage, report)
  const mandateId = await confirmMandate(browser, draft, report)
  await askNow(stage, report)

  const session = await openSession(stage, report)
  const token = await exchange(stage, session, report)
  const expected = expectation(stage, session)
  await checkToken(token, expected, report)
  await reportUse(stage, token, report)
  await checkForgeries(stage, token, expected, report)
  await tryWhatWasNotGiven(stage, session, token, expected, report)

  await endMandate(browser, mandateId, report)
  await askAfterEnd(stage, session, report)
  await lookAtActivity(browser, report)
}

function askBefore(stage: Stage, report: Report): Promise<void> {
  const conclusion = 'No: nothing is registered. Had one of them not existed, the answer would be the same.'
  return report.step('NAV asks Fullmakt: may Bjarne see Turid’s pension?', conclusion, async ({ wire }) => {
    const must = { decision: false, reason: 'no_registered_ground', remedy: 'ask_for_mandate_or_use_paper' }
    wire(await ask(stage), must)
  })
}

function askNow(stage: Stage, report: Report): Promise<void> {
  const conclusion = 'Yes, by the mandate, for who is logged in at the high level.'
  return report.step('NAV asks again.', conclusion, async ({ wire }) => {
    const asked = await ask(stage)
    wire(asked, { decision: true, basis: 'mandate', obligations: [{ type: 'assurance', level: 'high' }] })
    textIn(asked, 'valid_until')
  })
}
