import { type Day, isDay, startOfDay } from '../domain/calendar.js'
import { RegisterFault, type RegisterName } from './register-fault.js'

/**
 * An object in a register's answer. Members that we do not know are left alone; one that we read has the type that the
 * register's documents give it or is missing, and missing, `null` and `""` are the same. The faults name the place, like
 * `foreldreansvar[2].ansvar`, and never the value.
 *
 * @throws RegisterFault `malformed`, from every method.
 */
export class RegisterRecord {
  private constructor(
    private readonly register: RegisterName,
    private readonly path: string,
    private readonly members: object,
  ) {}

  static read(register: RegisterName, value: unknown, path: string): RegisterRecord {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return new RegisterRecord(register, path, value)
    throw new RegisterFault(register, 'malformed', path)
  }

  static readList(register: RegisterName, value: unknown, path: string): readonly RegisterRecord[] {
    if (!Array.isArray(value)) throw new RegisterFault(register, 'malformed', path)
    return value.map((item, index) => RegisterRecord.read(register, item, `${path}[${index}]`))
  }

  refuse(name: string): never {
    throw new RegisterFault(this.register, 'malformed', this.at(name))
  }

  text(name: string): string | null {
    const value = this.member(name)
    if (value === null || value === '') return null
    return typeof value === 'string' ? value : this.refuse(name)
  }

  matching(name: string, pattern: RegExp): string | null {
    const value = this.text(name)
    return value === null || pattern.test(value) ? value : this.refuse(name)
  }

  /** Eleven digits. Whether they are a number of the right series is for the caller to say. */
  number(name: string): string | null {
    return this.matching(name, /^\d{11}$/)
  }

  orgnr(name: string): string | null {
    return this.matching(name, /^\d{9}$/)
  }

  flag(name: string): boolean | null {
    const value = this.member(name)
    return value === null || typeof value === 'boolean' ? value : this.refuse(name)
  }

  /** A whole number from 0, as a JSON number or its digits in a text: registers write both. */
  whole(name: string): number | null {
    const value = this.member(name)
    if (value === null || value === '') return null
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : this.refuse(name)
  }

  day(name: string): Day | null {
    const value = this.text(name)
    return value === null || isDay(value) ? value : this.refuse(name)
  }

  instant(name: string): Date | null {
    const value = this.text(name)
    return value === null ? null : (readInstant(value) ?? this.refuse(name))
  }

  record(name: string): RegisterRecord | null {
    const value = this.member(name)
    return value === null ? null : RegisterRecord.read(this.register, value, this.at(name))
  }

  /** The member as it stands, `null` when it is missing. */
  raw(name: string): unknown {
    return this.member(name)
  }

  /** The items of a list; a single object stands for a list of one, since some entities have been both. */
  records(name: string): readonly RegisterRecord[] {
    const value = this.member(name)
    if (value === null) return []
    if (Array.isArray(value)) return RegisterRecord.readList(this.register, value, this.at(name))
    return [RegisterRecord.read(this.register, value, this.at(name))]
  }

  private member(name: string): unknown {
    if (!Object.hasOwn(this.members, name)) return null
    return (this.members as Readonly<Record<string, unknown>>)[name] ?? null
  }

  private at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`
  }
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}(?::?\d{2})?))?$/

/**
 * An instant as the registers write it: with `Z`, `+02:00`, `+0200` or `+02` (Kontaktregisteret), or a bare day, which
 * begins in Oslo. A time without an offset could be two instants and is refused, as is a day that does not exist.
 */
export function readInstant(text: string): Date | null {
  const [, day, time, offset = ''] = INSTANT.exec(text) ?? []
  if (day === undefined || !isDay(day)) return null
  if (time === undefined) return startOfDay(day)
  const [, sign, hours, minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? []
  const instant = new Date(`${day}T${time}${sign === undefined ? 'Z' : `${sign}${String(hours)}:${minutes}`}`)
  return Number.isNaN(instant.getTime()) ? null : instant
}
