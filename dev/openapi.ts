import { readFileSync, writeFileSync } from 'node:fs'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { stringify } from 'yaml'
import { AppModule, type Opened } from '../src/app.module.js'
import type { Config } from '../src/config.js'
import { describe } from '../src/http/openapi.js'

/**
 * Writes `openapi.yaml` from the code, or with `--check` tells whether the file is in step (exit code 1 when not). Nest's
 * preview mode wires nothing: neither database nor settings are needed.
 */
const [first, second] = process.argv.slice(2)
const check = first === '--check'
const file = (check ? second : first) ?? 'openapi.yaml'
const settings = { publicUrl: 'https://fullmakt.example.no', numberSeries: 'real', login: {} } as unknown as Config
const module = AppModule.with(settings, { texts: {} } as Opened)
const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
  preview: true,
  logger: false,
})
const text = stringify(describe(app), { aliasDuplicateObjects: false, lineWidth: 0 })

if (!check) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error(`${file} is not in step with the code: run npm run openapi`)
  process.exitCode = 1
}
