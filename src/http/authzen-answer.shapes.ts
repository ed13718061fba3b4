import { ApiProperty } from '@nestjs/swagger'
import { BASES } from '../domain/catalogue.js'

class ViaBody {
  @ApiProperty({ description: 'As the question or its login token named it.' })
  organisation: string

  @ApiProperty({ enum: ['employment'], description: 'Why the person acts for it; `basis` is why it acts.' })
  basis: string
}

export class DecisionContextShape {
  @ApiProperty()
  evaluation_id: string

  @ApiProperty({ required: false, description: 'A code of the closed list; absent when the answer is yes.' })
  reason?: string

  @ApiProperty({ required: false, enum: ['self', ...BASES] })
  basis?: string

  @ApiProperty({
    required: false,
    type: ViaBody,
    description: 'Where the person acts for an organisation that represents.',
  })
  via?: ViaBody

  @ApiProperty({ required: false })
  remedy?: string

  @ApiProperty({ required: false, type: Object, description: 'The reason in nb, nn, en and se.' })
  reason_user?: Record<string, string>

  @ApiProperty({ required: false })
  reason_admin?: string

  @ApiProperty({ type: [Object] })
  obligations: Record<string, unknown>[]

  @ApiProperty({ required: false, format: 'date-time', description: 'The answer holds no longer than this.' })
  valid_until?: string
}

export class DecisionShape {
  @ApiProperty()
  decision: boolean

  @ApiProperty({ type: DecisionContextShape })
  context: DecisionContextShape
}

class ItemErrorShape {
  @ApiProperty({ type: 'integer', example: 400 })
  status: number

  @ApiProperty()
  message: string
}

class ItemErrorContextShape {
  @ApiProperty({ type: ItemErrorShape })
  error: ItemErrorShape
}

/** An item of a batch that could not be a question: nothing was decided, so the answer is no. */
export class UndecidedShape {
  @ApiProperty({ enum: [false], type: Boolean })
  decision: boolean

  @ApiProperty({ type: ItemErrorContextShape })
  context: ItemErrorContextShape
}

class NextPageShape {
  @ApiProperty({
    description: 'For the next page; empty at the end. Opens for this very search only, for ten minutes.',
  })
  next_token: string

  @ApiProperty({ type: 'integer', description: 'How many results this page has.' })
  count: number
}

class SearchContextShape {
  @ApiProperty({ description: 'The entry in the log.' })
  search_id: string

  @ApiProperty({ format: 'date-time' })
  searched_at: string

  @ApiProperty({ required: false, description: 'Why nothing can be found by asking like this.' })
  reason?: string

  @ApiProperty({ required: false })
  reason_admin?: string

  @ApiProperty({
    required: false,
    type: [String],
    description: 'Reasons that kept some from being answered, and that can be mended: the list is not whole.',
  })
  unanswered?: string[]
}

class SearchAnswerShape {
  @ApiProperty({ type: NextPageShape })
  page: NextPageShape

  @ApiProperty({ required: false, type: SearchContextShape })
  context?: SearchContextShape
}

export class FoundEntityShape {
  @ApiProperty({ example: 'person' })
  type: string

  @ApiProperty({ description: 'A handle of this client, never a number.', pattern: '^p_' })
  id: string
}

export class FoundActionShape {
  @ApiProperty({ example: 'read' })
  name: string
}

export class EntitySearchAnswerShape extends SearchAnswerShape {
  @ApiProperty({ type: [FoundEntityShape] })
  results: FoundEntityShape[]
}

export class ActionSearchAnswerShape extends SearchAnswerShape {
  @ApiProperty({ type: [FoundActionShape] })
  results: FoundActionShape[]
}
