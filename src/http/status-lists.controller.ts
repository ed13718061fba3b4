import { Controller, Get, Header, Headers, Inject, Param, Query, Res } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { Problem } from '../domain/problem.js'
import { StatusLists } from '../tokens/status-lists.js'
import { Through } from './door.js'

/** A cache may hold a list for so long: added to the age at which it was served, well below that at which it is refused. */
const HELD_FOR = 'public, max-age=10'
const MEDIA_TYPE = 'application/statuslist+jwt'

/** Which of the tokens that are out still stand (Token Status List, draft-21, section 8). */
@ApiTags('Prove')
@Controller('statuslists')
@Through('anyone')
export class StatusListsController {
  constructor(@Inject(StatusLists) private readonly lists: StatusLists) {}

  @Get()
  @Header('Cache-Control', HELD_FOR)
  @Header('Access-Control-Allow-Origin', '*')
  @ApiOperation({ summary: 'Where all status lists are (Token Status List, section 9)' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['status_lists'],
      properties: { status_lists: { type: 'array', items: { type: 'string', format: 'uri' } } },
    },
  })
  async all(): Promise<{ readonly status_lists: readonly string[] }> {
    return { status_lists: await this.lists.uris() }
  }

  @Get(':listId')
  @ApiOperation({ summary: 'A status list, signed' })
  @ApiParam({ name: 'listId', schema: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' } })
  @ApiQuery({ name: 'time', required: false, schema: { type: 'string' }, description: 'Not offered: answers 501.' })
  @ApiResponse({
    status: 200,
    description: 'A Status List Token',
    content: { [MEDIA_TYPE]: { schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 304, description: 'The list is still the one of If-None-Match' })
  @ApiResponse({ status: 404, description: 'There is no such list' })
  @ApiResponse({ status: 501, description: 'Lists of another time are not offered' })
  async one(
    @Param('listId') listId: string,
    @Query('time') time: string | undefined,
    @Headers('accept-encoding') encodings: string | undefined,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (time !== undefined) return void reply.status(501).send()
    const list = /^[1-9]\d{0,8}$/.test(listId) ? await this.lists.find(Number(listId)) : null
    if (list === null) throw new Problem('not_found', 'there is no such status list')
    void reply
      .header('Cache-Control', HELD_FOR)
      .header('Access-Control-Allow-Origin', '*')
      .header('Vary', 'Accept-Encoding')
      .header('ETag', list.etag)
    if (names(known, list.etag)) return void reply.status(304).send()
    void reply.type(MEDIA_TYPE)
    if (takesGzip(encodings)) void reply.header('Content-Encoding', 'gzip').send(list.gzipped)
    else void reply.send(list.token)
  }
}

/** RFC 9110 section 13.1.2; the comparison is the weak one. */
function names(known: string | undefined, etag: string): boolean {
  const tags = (known ?? '').split(',').map((tag) => tag.trim().replace(/^(?!W\/)/, 'W/'))
  return tags.includes(etag) || known?.trim() === '*'
}

/** RFC 9110 section 12.5.3, as far as it matters here. */
function takesGzip(encodings: string | undefined): boolean {
  return (encodings ?? '')
    .split(',')
    .some((part) => /^\s*(gzip|\*)\s*(;\s*q=(1(\.0*)?|0?\.\d*[1-9]\d*)\s*)?$/i.test(part))
}
