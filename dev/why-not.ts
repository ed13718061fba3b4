import { ConfigError } from '../src/config.js'
import { CatalogueError } from '../src/registers/catalogue-files.js'
import { StartRefused } from '../src/start-refused.js'
import { NoDatabase } from './local-fullmakt.js'

/** Why a local start failed, in words for a newcomer who keeps the data in `folder`; the whole error where nobody expected it. */
export function whyNot(error: unknown, folder: string): string {
  if (error instanceof NoDatabase) return `The database did not start: ${error.message}`
  if (error instanceof CatalogueError)
    return `A file of the catalogue or of the texts cannot be used:\n${error.message}`
  if (error instanceof ConfigError) return error.message
  if (error instanceof StartRefused) {
    return `Refused to start: ${error.message}.\nOr begin anew with an empty database: delete ${folder}`
  }
  return `An unexpected error. ${error instanceof Error ? error.stack : String(error)}`
}
