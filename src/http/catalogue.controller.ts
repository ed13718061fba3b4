import { Controller, Get, Header, Inject, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger'
import { IsIn, IsOptional } from 'class-validator'
import type { Json } from '../domain/json.js'
import { LANGUAGES, type Language, type Service } from '../domain/catalogue.js'
import { Catalogues } from '../store/catalogue-store.js'
import { Database } from '../store/database.js'
import { Through } from './door.js'
import { shape } from './shape.js'

class LanguageShape {
  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

/** What can be given, in words for people. */
@ApiTags('Catalogue')
@Controller('v1/catalogue')
export class CatalogueController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Catalogues) private readonly catalogues: Catalogues,
  ) {}

  @Get()
  @Through('anyone')
  @Header('Cache-Control', 'public, max-age=60')
  @ApiOperation({ summary: 'The services, what can be done in each, and what can be given by mandate' })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  async catalogue(@Query(shape(LanguageShape)) { language = 'nb' }: LanguageShape): Promise<Json> {
    const { current } = await this.catalogues.latest(this.db)
    const names = new Map(current.organisations.map(({ orgnr, name }) => [orgnr, name]))
    return {
      version: current.version,
      language,
      services: current.services.map((service) => serviceView(service, language, names)),
    }
  }
}

function serviceView(service: Service, language: Language, names: ReadonlyMap<string, string>): Json {
  const { mandate } = service
  return {
    service: service.id,
    name: service.name[language],
    description: service.description[language],
    owner: { organisation: service.owner, name: names.get(service.owner) ?? null },
    providers:
      service.offeredBy === 'owner'
        ? []
        : service.providers.map((orgnr) => ({ organisation: orgnr, name: names.get(orgnr) ?? null })),
    required_level: service.assurance,
    actions: service.actions.map((action) => ({
      action,
      text: service.actionTexts[action]?.[language] ?? action,
      given_by_mandate: mandate?.actions.includes(action) === true,
    })),
    mandate:
      mandate === null
        ? null
        : {
            giver_from_age: mandate.principalFromAge,
            representative_from_age: mandate.representativeFromAge,
            must_be_accepted: mandate.acceptance,
            default_months: mandate.defaultMonths,
            maximum_months: mandate.maximumMonths,
          },
  }
}
