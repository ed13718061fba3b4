import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import { parse } from 'yaml'

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >
}

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void

/** `openapi.yaml` as it stands in the repository, to hold real answers against. */
class Contract {
  private readonly document = parse(readFileSync('openapi.yaml', 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true })
  private readonly validators = new Map<string, ValidateFunction>()

  constructor() {
    addFormats(this.ajv)
    this.ajv.addSchema(this.document, 'openapi')
  }

  /** Throws when the answer is not one that the document promises for this route. */
  check(method: string, path: string, status: number, contentType: string | null, body: unknown): void {
    const template = Object.keys(this.document.paths).find((one) => matches(one, path))
    const operation = template === undefined ? undefined : this.document.paths[template]?.[method.toLowerCase()]
    if (template === undefined || operation === undefined) return
    const key = [String(status), `${Math.floor(status / 100)}XX`].find((one) => operation.responses[one] !== undefined)
    if (key === undefined) throw new Error(`${method} ${template} answered ${status}, which openapi.yaml does not know`)
    const media = contentType?.split(';')[0]
    const schema = media === undefined ? undefined : operation.responses[key]?.content?.[media]?.schema
    if (schema === undefined) return
    const validate = this.validator([template, method.toLowerCase(), key, media ?? ''], schema)
    if (!validate(body)) {
      throw new Error(`${method} ${template} ${status}: ${this.ajv.errorsText(validate.errors)}`)
    }
  }

  private validator([template = '', method = '', key = '', media = '']: string[], schema: object): ValidateFunction {
    const id = `${method} ${template} ${key} ${media}`
    let validate = this.validators.get(id)
    if (validate === undefined) {
      const pointer = ['paths', template, method, 'responses', key, 'content', media, 'schema']
        .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
        .map(encodeURIComponent)
        .join('/')
      validate = this.ajv.compile(Object.keys(schema).length === 0 ? {} : { $ref: `openapi#/${pointer}` })
      this.validators.set(id, validate)
    }
    return validate
  }
}

function matches(template: string, path: string): boolean {
  const parts = template.split('/')
  const given = path.split('/')
  return parts.length === given.length && parts.every((part, index) => part.startsWith('{') || part === given[index])
}

let contract: Contract | undefined

/** Holds an answer against `openapi.yaml`. */
export function checkContract(...answer: Parameters<Contract['check']>): void {
  contract ??= new Contract()
  contract.check(...answer)
}
