import { Controller, Get, Inject } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Problem } from '../domain/problem.js'
import { hasAuditStrays } from '../store/audit-store.js'
import { Database } from '../store/database.js'
import { Through } from './door.js'

/** For whoever runs the service: is it alive, and can it answer? */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Get('livez')
  @Through('anyone')
  live(): { status: string } {
    return { status: 'alive' }
  }

  /** Not ready when the database does not answer, or when log entries landed outside their months. */
  @Get('readyz')
  @Through('anyone')
  async ready(): Promise<{ status: string }> {
    const strays = await hasAuditStrays(this.db).catch(() => null)
    if (strays === null) throw new Problem('busy', 'the database does not answer')
    if (strays) throw new Problem('busy', 'log entries landed outside their months')
    return { status: 'ready' }
  }
}
