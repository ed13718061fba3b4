import { Controller, Get, Header, Inject, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Json } from '../domain/json.js'
import type { CatalogueVersion, Language, Service } from '../domain/catalogue.js'
import { Catalogues } from '../store/catalogue-store.js'
import { Database } from '../store/database.js'
import { CatalogueView } from './catalogue.views.js'
import { Through } from './door.js'
import { LanguageShape } from './me.shapes.js'
import { shape } from './shape.js'

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
  @ApiOkResponse({ type: CatalogueView })
  async catalogue(@Query(shape(LanguageShape)) { language = 'nb' }: LanguageShape): Promise<Json> {
    const { current } = await this.catalogues.latest(this.db)
    const names = new Map(current.organisations.map(({ orgnr, name }) => [orgnr, name]))
    return {
      version: current.version,
      language,
      life_areas: current.lifeAreas.map(({ id, name }) => ({ life_area: id, name: name[language] })),
      services: current.services.map((service) => serviceView(service, current, language, names)),
    }
  }
}

function serviceView(
  service: Service,
  catalogue: CatalogueVersion,
  language: Language,
  names: ReadonlyMap<string, string>,
): Json {
  const { mandate } = service
  return {
    service: service.id,
    name: service.name[language],
    description: service.description[language],
    life_area: service.lifeArea,
    used_by_organisations: service.roles.length > 0,
    owner: { organisation: service.owner, name: names.get(service.owner) ?? null },
    providers:
      service.offeredBy === 'owner'
        ? []
        : service.providers.map((orgnr) => ({ organisation: orgnr, name: names.get(orgnr) ?? null })),
    object_name: service.objectName?.[language] ?? null,
    required_level: service.assurance,
    risk_class: service.riskClass,
    actions: service.actions.map((action) => ({
      action,
      text: service.actionTexts[action]?.[language] ?? action,
      given_by_mandate: mandate?.actions.includes(action) === true,
    })),
    personal_by_law: catalogue.personalByLaw
      .filter(({ bases, services }) => bases.includes('mandate') && services.includes(service.id))
      .map(({ text }) => text[language]),
    mandate:
      mandate === null
        ? null
        : {
            giver_from_age: mandate.principalFromAge,
            representative_from_age: mandate.representativeFromAge,
            must_be_accepted: mandate.acceptance,
            may_be_passed_on: mandate.passingOn,
            default_months: mandate.defaultMonths,
            maximum_months: mandate.maximumMonths,
          },
  }
}
