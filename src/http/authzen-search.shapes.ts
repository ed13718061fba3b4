import { ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import { IsInt, IsObject, IsOptional, IsString, Length, Max, Min, ValidateNested } from 'class-validator'
import {
  ActionShape,
  EvaluationContextShape,
  ResourcePropertiesShape,
  ResourceShape,
  SubjectShape,
} from './authzen.shapes.js'

class PageShape {
  @ApiProperty({ required: false, description: '`next_token` of the page before; empty for the first.' })
  @IsOptional()
  @IsString()
  @Length(0, 1000)
  token?: string

  @ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: 200, default: 100 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number
}

class SearchedSubjectShape {
  @ApiProperty({ example: 'person' })
  @IsString()
  @Length(1, 100)
  type: string

  @ApiProperty({ type: Object, required: false })
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown>
}

class SearchedResourceShape {
  @ApiProperty({ example: 'person', description: '`person` or `organisation`.' })
  @IsString()
  @Length(1, 100)
  type: string

  @ApiProperty({ type: ResourcePropertiesShape })
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown>
}

class SearchShape {
  @ApiProperty({ type: EvaluationContextShape, required: false })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EvaluationContextShape)
  context?: EvaluationContextShape

  @ApiProperty({ type: PageShape, required: false })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PageShape)
  page?: PageShape
}

/** Who may act for this principal? An id of the subject is ignored, as the standard demands. */
export class SubjectSearchShape extends SearchShape {
  @ApiProperty({ type: SearchedSubjectShape })
  @IsObject()
  @ValidateNested()
  @Type(() => SearchedSubjectShape)
  subject: SearchedSubjectShape

  @ApiProperty({ type: ActionShape })
  @IsObject()
  @ValidateNested()
  @Type(() => ActionShape)
  action: ActionShape

  @ApiProperty({ type: ResourceShape })
  @IsObject()
  @ValidateNested()
  @Type(() => ResourceShape)
  resource: ResourceShape
}

/** For whom may this person act? An id of the resource is ignored. */
export class ResourceSearchShape extends SearchShape {
  @ApiProperty({ type: SubjectShape })
  @IsObject()
  @ValidateNested()
  @Type(() => SubjectShape)
  subject: SubjectShape

  @ApiProperty({ type: ActionShape })
  @IsObject()
  @ValidateNested()
  @Type(() => ActionShape)
  action: ActionShape

  @ApiProperty({ type: SearchedResourceShape })
  @IsObject()
  @ValidateNested()
  @Type(() => SearchedResourceShape)
  resource: SearchedResourceShape
}

/** What may this person do for this principal? An action is ignored. */
export class ActionSearchShape extends SearchShape {
  @ApiProperty({ type: SubjectShape })
  @IsObject()
  @ValidateNested()
  @Type(() => SubjectShape)
  subject: SubjectShape

  @ApiProperty({ type: ResourceShape })
  @IsObject()
  @ValidateNested()
  @Type(() => ResourceShape)
  resource: ResourceShape
}
