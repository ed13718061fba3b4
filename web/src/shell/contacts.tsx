import { Heading } from '@digdir/designsystemet-react'
import type { TextName } from '../generated/text-name.js'
import { useLanguage } from './language.js'

/** Help lines in Norway, free and open to anyone. */
const LINES: readonly (readonly [number: string, who: TextName])[] = [
  ['112', 'help.police'],
  ['116 006', 'help.violence'],
  ['800 30 196', 'help.elderly'],
  ['116 111', 'help.children'],
]

/** Whom one can call. */
export function Contacts() {
  const { say } = useLanguage()
  return (
    <section className="stack">
      <Heading level={2} data-size="sm">
        {say('help.talk_to')}
      </Heading>
      <ul className="plain stack">
        {LINES.map(([number, who]) => (
          <li key={number}>
            {say(who)}: <a href={`tel:${number.replaceAll(' ', '')}`}>{number}</a>
          </li>
        ))}
      </ul>
    </section>
  )
}
