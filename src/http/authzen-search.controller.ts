import { Body, Controller, HttpCode, Inject, Post, UseInterceptors } from '@nestjs/common'
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { SearchAnswer } from '../decisions/authzen-search.js'
import { type Asker as AskerOf, Authzen } from '../decisions/authzen.js'
import { ActionSearchAnswerShape, EntitySearchAnswerShape } from './authzen-answer.shapes.js'
import { Asker, EchoRequestId, REQUEST_ID } from './authzen-asker.js'
import { ActionSearchShape, ResourceSearchShape, SubjectSearchShape } from './authzen-search.shapes.js'
import { Through } from './door.js'
import { lenientShape } from './shape.js'

/** Ask the other way round: AuthZEN's three searches. What is found is what an evaluation would answer with a yes. */
@ApiTags('Ask')
@Controller('access/v1/search')
@Through('service')
@ApiHeader(REQUEST_ID)
@UseInterceptors(EchoRequestId)
export class AuthzenSearchController {
  constructor(@Inject(Authzen) private readonly authzen: Authzen) {}

  @Post('subject')
  @HttpCode(200)
  @ApiOperation({ summary: 'Who may do this on behalf of that one, whose login token goes with it?' })
  @ApiOkResponse({ type: EntitySearchAnswerShape })
  subject(
    @Body(lenientShape(SubjectSearchShape)) body: SubjectSearchShape,
    @Asker() asker: AskerOf,
  ): Promise<SearchAnswer> {
    return this.authzen.search('subject', body, asker)
  }

  @Post('resource')
  @HttpCode(200)
  @ApiOperation({ summary: 'On whose behalf may this person, whose login token goes with it, do this?' })
  @ApiOkResponse({ type: EntitySearchAnswerShape })
  resource(
    @Body(lenientShape(ResourceSearchShape)) body: ResourceSearchShape,
    @Asker() asker: AskerOf,
  ): Promise<SearchAnswer> {
    return this.authzen.search('resource', body, asker)
  }

  @Post('action')
  @HttpCode(200)
  @ApiOperation({ summary: 'What may this person do on behalf of that one in this service?' })
  @ApiOkResponse({ type: ActionSearchAnswerShape })
  action(
    @Body(lenientShape(ActionSearchShape)) body: ActionSearchShape,
    @Asker() asker: AskerOf,
  ): Promise<SearchAnswer> {
    return this.authzen.search('action', body, asker)
  }
}
