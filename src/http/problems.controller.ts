import { Controller, Get, Header, Inject, Param } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger'
import type { Text } from '../domain/catalogue.js'
import type { Json } from '../domain/json.js'
import { PROBLEM_CODES, Problem, type ProblemCode } from '../domain/problem.js'
import { Through } from './door.js'
import { STATUS } from './problem.filter.js'
import { PROBLEM_TITLES } from './settings.js'

/** Where the `type` of a problem document leads. */
@ApiTags('Problems')
@Controller('problems')
export class ProblemsController {
  constructor(@Inject(PROBLEM_TITLES) private readonly titles: Readonly<Record<ProblemCode, Text>>) {}

  @Get(':code')
  @Through('anyone')
  @Header('Cache-Control', 'public, max-age=60')
  @ApiOperation({ summary: 'What a problem code means, in words for people' })
  @ApiParam({ name: 'code', enum: PROBLEM_CODES })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  problem(@Param('code') text: string): Json {
    const code = PROBLEM_CODES.find((known) => known === text)
    if (code === undefined) throw new Problem('not_found', 'there is no such code')
    return { code, status: STATUS[code], title: { ...this.titles[code] } }
  }
}
