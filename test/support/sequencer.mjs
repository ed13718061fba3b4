import Sequencer from '@jest/test-sequencer'

/** The longest first, so that at the end no worker waits for another. On a fresh clone jest goes by the size of the files. */
const LONGEST = [
  'registers/follow-persons',
  'dev/start',
  'dev/demo',
  'dev/embedded-postgres',
  'tokens/status-signing',
  'http/race',
  'http/authzen-search',
  'lint',
  'http/acting-attacks',
  'http/doors-agree',
  'domain/cedar/cedar',
  'http/crosstalk',
]

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((name) => path.endsWith(`test/${name}.test.js`))
      return place < 0 ? LONGEST.length : place
    }
    return super.sort(tests).sort((one, other) => rank(one) - rank(other))
  }
}
