import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

/**
 * Makes of `texts/pages/*.yaml` and `texts/actions.yaml` what the pages read: one file for each language, since a reader
 * needs one only, and the names of all texts as a type, so that a screen cannot ask for one that is not there. A text is
 * named `file.key`.
 */
const TEXTS = path.resolve(import.meta.dirname, '../texts')
const PAGES = readdirSync(path.join(TEXTS, 'pages')).map((file) => path.join('pages', file))
const TO = path.join(import.meta.dirname, 'src/generated')
const LANGUAGES = ['nb', 'nn', 'en', 'se']

const texts = ['actions.yaml', ...PAGES].sort().flatMap((file) =>
  Object.entries(parse(readFileSync(path.join(TEXTS, file), 'utf8'))).map(([key, text]) => ({
    name: `${path.parse(file).name}.${key}`,
    text,
  })),
)
for (const { name, text } of texts) {
  for (const language of LANGUAGES) {
    if (typeof text?.[language] !== 'string' || text[language] === '') throw new Error(`${name} has no ${language}`)
  }
}

mkdirSync(path.join(TO, 'texts'), { recursive: true })
for (const language of LANGUAGES) {
  const words = Object.fromEntries(texts.map(({ name, text }) => [name, text[language]]))
  writeFileSync(path.join(TO, 'texts', `${language}.json`), `${JSON.stringify(words, null, 1)}\n`)
}
const names = texts.map(({ name }) => `  | '${name}'`).join('\n')
writeFileSync(path.join(TO, 'text-name.ts'), `/** Made by web/texts.mjs. */\nexport type TextName =\n${names}\n`)
