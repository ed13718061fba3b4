import Sequencer from '@jest/test-sequencer'

/** The longest first, so that at the end no worker waits for another. On a fresh clone jest goes by the size of the files. */
const LONGEST = [
  'dev/start.long',
  'http/doors-agree.long',
  'registers/follow-persons.test',
  'dev/demo.long',
  'tokens/status-signing.test',
  'http/events.test',
  'http/acting-attacks.test',
  'lint.test',
  'http/race.test',
  'domain/cedar/cedar.test',
]

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((name) => path.endsWith(`test/${name}.js`))
      return place < 0 ? LONGEST.length : place
    }
    return super.sort(tests).sort((one, other) => rank(one) - rank(other))
  }
}
