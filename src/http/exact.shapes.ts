import { applyDecorators } from '@nestjs/common'
import { IsISO8601, Matches } from 'class-validator'

/** No control characters, no direction marks, no half characters: what is shown must be what is meant. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u

/** RFC 3339: of ISO 8601 one form only, which everyone reads alike. Weeks, days of the year and hours alone are other forms. */
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** One line of plain text. */
export const IsPlain = (): PropertyDecorator =>
  applyDecorators(Matches(PLAIN, { message: 'must hold no control or direction characters' }))

/** A day that there is, a time of it, and where. */
export const IsInstant = (): PropertyDecorator =>
  applyDecorators(
    IsISO8601({ strict: true, strictSeparator: true }),
    Matches(INSTANT, { message: 'must be a date and time with its offset, as 2026-12-31T23:59:59Z' }),
  )
