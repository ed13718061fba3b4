import type { Config, RegisterConfig } from './config.js'
import { endMandatesOfTheDead } from './mandates/end-for-death.js'
import { readGuardianTasks } from './registers/catalogue-files.js'
import { Enhetsregisteret } from './registers/enhetsregisteret.js'
import { Folkeregisteret } from './registers/folkeregisteret.js'
import { type FollowingOptions, followRegisters } from './registers/follow-registers.js'
import { Maskinporten } from './registers/maskinporten.js'

type LogFault = (fault: { readonly requestId: string; readonly error: unknown }) => void

/** Follows the registers of the settings, if any. Returns what stops it. */
export async function startFollowing(config: Config, logFault: LogFault): Promise<() => Promise<void>> {
  if (config.registers === null) return () => Promise.resolve()
  return followRegisters(await followingOf(config, config.registers, logFault))
}

/** With whose tokens the registers are asked. */
export function maskinportenOf({ maskinporten, clientId, clientKey }: RegisterConfig): Maskinporten {
  return new Maskinporten({
    issuer: `${maskinporten}/`,
    tokenEndpoint: `${maskinporten}/token`,
    clientId,
    clientKey,
  })
}

/** How this installation follows the registers. */
async function followingOf(config: Config, registers: RegisterConfig, logFault: LogFault): Promise<FollowingOptions> {
  const { databaseUrl, numberSeries: series, catalogueFolder } = config
  const { key: secret, pollSeconds: everySeconds } = registers
  const tokens = maskinportenOf(registers)
  const common = {
    databaseUrl,
    series,
    onDeaths: endMandatesOfTheDead,
    onRefused: (source: string, refused: Readonly<Record<string, number>>) => {
      const told = Object.entries(refused).map(([code, count]) => `${code}: ${count}`)
      logFault({ requestId: source, error: new Error(`documents that could not be taken in: ${told.join(', ')}`) })
    },
  }
  const guardianTasks = await readGuardianTasks(catalogueFolder)
  const population = new Folkeregisteret({ address: registers.folkeregisteret, tokens })
  const organisations = new Enhetsregisteret({
    address: registers.enhetsregisteret,
    tokens,
    scope: registers.enhetsregisteretScope,
  })
  return {
    persons: { ...common, register: population, secret, guardianTasks },
    roles: { ...common, register: organisations },
    everySeconds,
    onFault: (register, error) => logFault({ requestId: register, error }),
  }
}
