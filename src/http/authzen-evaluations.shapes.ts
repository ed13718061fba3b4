import { ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator'
import { MOST_IN_ONE_BATCH, SEMANTICS, type Semantic } from '../decisions/evaluations.js'
import { Problem } from '../domain/problem.js'
import { ActionShape, EvaluationContextShape, EvaluationShape, ResourceShape, SubjectShape } from './authzen.shapes.js'
import { lenientShape } from './shape.js'

class EvaluationsOptionsShape {
  @ApiProperty({ required: false, enum: SEMANTICS, default: 'execute_all' })
  @IsOptional()
  @IsIn(SEMANTICS)
  evaluations_semantic?: Semantic
}

const DEFAULT = { required: false, description: 'For each item that has none of its own, whole.' }

/**
 * An AuthZEN 1.0 batch. What stands beside `evaluations` is the default of each item; an item's own member takes its place
 * whole. An item has the shape of an evaluation only once the defaults are in, and is read then.
 */
export class EvaluationsShape {
  @ApiProperty({ ...DEFAULT, type: SubjectShape })
  @IsOptional()
  @IsObject()
  subject?: Record<string, unknown>

  @ApiProperty({ ...DEFAULT, type: ActionShape })
  @IsOptional()
  @IsObject()
  action?: Record<string, unknown>

  @ApiProperty({ ...DEFAULT, type: ResourceShape })
  @IsOptional()
  @IsObject()
  resource?: Record<string, unknown>

  @ApiProperty({ ...DEFAULT, type: EvaluationContextShape })
  @IsOptional()
  @IsObject()
  context?: Record<string, unknown>

  @ApiProperty({ required: false, type: [Object], maxItems: MOST_IN_ONE_BATCH })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_IN_ONE_BATCH)
  evaluations?: unknown[]

  @ApiProperty({ required: false, type: EvaluationsOptionsShape })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EvaluationsOptionsShape)
  options?: EvaluationsOptionsShape
}

const MEMBERS = ['subject', 'action', 'resource', 'context'] as const
const ONE = lenientShape(EvaluationShape)

/** A request without items, read as the single evaluation that it is. @throws Problem when it is none. */
export function readSingle(body: EvaluationsShape): Promise<EvaluationShape> {
  return readItem(body, {})
}

/** Each item with the defaults in, or what is wrong with it. */
export function readItems(body: EvaluationsShape): Promise<(EvaluationShape | Problem)[]> {
  return Promise.all(
    (body.evaluations ?? []).map((item) =>
      readItem(body, item).catch((error: unknown) => {
        if (error instanceof Problem) return error
        throw error
      }),
    ),
  )
}

async function readItem(defaults: EvaluationsShape, item: unknown): Promise<EvaluationShape> {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new Problem('invalid_request', 'an evaluation must be an object')
  }
  const own = item as Readonly<Record<string, unknown>>
  const whole = MEMBERS.map((name) => [name, Object.hasOwn(own, name) ? own[name] : defaults[name]] as const)
  const given = Object.fromEntries(whole.filter(([, value]) => value !== undefined))
  return (await ONE.transform(given, { type: 'body' })) as EvaluationShape
}
