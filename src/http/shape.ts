import { type PipeTransform, type Type, ValidationPipe } from '@nestjs/common'
import type { ValidationError } from 'class-validator'
import { Problem } from '../domain/problem.js'
import { shapeReader } from './shape-reader.js'

/**
 * The shape a body, query or path must have: unknown members are refused.
 *
 * The class is named at each use and not read from decorator metadata: with a type-only import there is no metadata,
 * and Nest's own pipe then lets anything through.
 */
export function shape(type: Type): ValidationPipe {
  return new ValidationPipe({
    expectedType: type,
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => new Problem('invalid_request', sentences(errors).join('; ')),
  })
}

/**
 * The same for AuthZEN, whose standard demands that unknown members are ignored. Questions come by the thousand, so what
 * is right is read without the pipe.
 */
export function lenientShape(type: Type): PipeTransform {
  const pipe = new ValidationPipe({
    expectedType: type,
    transform: true,
    whitelist: true,
    exceptionFactory: (errors) => new Problem('invalid_request', sentences(errors).join('; ')),
  })
  const read = shapeReader(type)
  return { transform: (value: unknown, metadata) => read(value) ?? pipe.transform(value, metadata) }
}

/** What is wrong, by the path of the member. The value is never repeated: it may be an identity number. */
function sentences(errors: readonly ValidationError[], path = ''): string[] {
  return errors.flatMap((error) => {
    const here = path === '' ? error.property : `${path}.${error.property}`
    const own = Object.values(error.constraints ?? {}).map((text) => `${here}: ${text}`)
    return [...own, ...sentences(error.children ?? [], here)]
  })
}
