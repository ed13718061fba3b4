import { IsIn, IsOptional } from 'class-validator'
import { LANGUAGES, type Language } from '../domain/catalogue.js'

/** The address of a page without JavaScript: its language, and whether something has just been ended. */
export class SimplePageQuery {
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language

  @IsOptional()
  @IsIn(['1'])
  done?: string
}
