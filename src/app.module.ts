import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { Acts } from './acts/acts.js'
import { AuditLog } from './audit/audit-log.js'
import type { Config } from './config.js'
import { Authzen } from './decisions/authzen.js'
import { Decisions } from './decisions/evaluate.js'
import { PageTokens } from './decisions/page-token.js'
import { OwnRepresentations } from './decisions/own-representations.js'
import { Searches } from './decisions/search.js'
import { Employments } from './employments/employments.js'
import { ActsController } from './http/acts.controller.js'
import { AppBearerStrategy } from './http/app-bearer.strategy.js'
import { AuthzenSearchController } from './http/authzen-search.controller.js'
import { AuthzenController } from './http/authzen.controller.js'
import { CatalogueController } from './http/catalogue.controller.js'
import { EmploymentsController } from './http/employments.controller.js'
import { EventsController } from './http/events.controller.js'
import { FreezeAllController } from './http/freeze-all.controller.js'
import { HealthController } from './http/health.controller.js'
import { InvitationsController } from './http/invitations.controller.js'
import { LOGIN_PLACE, LoginController } from './http/login.controller.js'
import { MandatesController } from './http/mandates.controller.js'
import {
  OrganisationMandatesController,
  OrganisationReceiptsController,
} from './http/organisation-mandates.controller.js'
import { MeController } from './http/me.controller.js'
import { NoticesController } from './http/notices.controller.js'
import { OAuthController } from './http/oauth.controller.js'
import { OwnActsController } from './http/own-acts.controller.js'
import { ProblemsController } from './http/problems.controller.js'
import { RequestsController } from './http/requests.controller.js'
import { ReceiptsController } from './http/receipts.controller.js'
import { ReservationsController } from './http/reservations.controller.js'
import { RulingsController } from './http/rulings.controller.js'
import { RepresentationsController } from './http/representations.controller.js'
import { ServiceTokenStrategy } from './http/service-token.strategy.js'
import { SimplePagesController } from './http/simple-pages.controller.js'
import { SessionStrategy } from './http/session.strategy.js'
import { StatusListsController } from './http/status-lists.controller.js'
import { TrustedContactController } from './http/trusted-contact.controller.js'
import { UsesController } from './http/uses.controller.js'
import { APP_LOGIN, ISSUER, NUMBER_SERIES, PROBLEM_TITLES, SIMPLE_PAGE_TEXTS } from './http/settings.js'
import { WellKnownController } from './http/well-known.controller.js'
import { ClientAssertions } from './login/client-assertion.js'
import { Clients } from './login/clients.js'
import { LoginTokens } from './login/login-token.js'
import { OpenIdProvider } from './login/openid-provider.js'
import { PersonLogin } from './login/person-login.js'
import { PersonLogout } from './login/person-logout.js'
import { Drafts } from './mandates/drafts.js'
import { Mandates } from './mandates/mandates.js'
import { ContactDetails } from './notices/contact.js'
import { Inbox } from './notices/inbox.js'
import { TrustedContacts } from './notices/trusted-contact.js'
import { contactRegisterOf } from './notifying.js'
import { Receipts } from './papers/receipt.js'
import type { Patience } from './registers/patience.js'
import type { Texts } from './registers/text-files.js'
import { Invitations } from './requests/invitations.js'
import { Requests } from './requests/requests.js'
import { Rulings } from './rulings/rulings.js'
import { Catalogues } from './store/catalogue-store.js'
import { Database } from './store/database.js'
import { ActorGrants } from './tokens/actor-grant.js'
import { DpopProofs } from './tokens/dpop-proof.js'
import { EventFeed } from './tokens/event-feed.js'
import { TokenExchange } from './tokens/exchange.js'
import { Introspection } from './tokens/introspection.js'
import { Revocation } from './tokens/revocation.js'
import { ServiceTokens } from './tokens/service-token.js'
import { SigningKeys } from './tokens/signing-keys.js'
import { StatusLists } from './tokens/status-lists.js'
import { Uses } from './tokens/uses.js'

/** What is opened before the wiring: it takes time and can fail. */
export interface Opened {
  readonly database: Database
  readonly signingKeys: SigningKeys
  readonly texts: Texts
}

/** All wiring of the service, from the database to the doors, in reading order. */
@Module({})
export class AppModule {
  static with(config: Config, opened: Opened): DynamicModule {
    return {
      module: AppModule,
      providers: [
        ...settings(config, opened),
        ...remembering(),
        ...deciding(config),
        ...answering(config, opened),
        ...loggingIn(config),
        ...proving(config),
        ...giving(opened),
        ...asking(config),
        ...informing(config, opened),
      ],
      controllers: [
        AuthzenController,
        AuthzenSearchController,
        OAuthController,
        RepresentationsController,
        UsesController,
        WellKnownController,
        StatusListsController,
        EventsController,
        LoginController,
        MandatesController,
        OrganisationMandatesController,
        OrganisationReceiptsController,
        FreezeAllController,
        RequestsController,
        InvitationsController,
        ReceiptsController,
        NoticesController,
        TrustedContactController,
        ActsController,
        OwnActsController,
        ReservationsController,
        RulingsController,
        EmploymentsController,
        MeController,
        CatalogueController,
        ProblemsController,
        SimplePagesController,
        HealthController,
      ],
    }
  }
}

function settings(config: Config, { database, signingKeys, texts }: Opened): Provider[] {
  return [
    { provide: Database, useValue: database },
    { provide: SigningKeys, useValue: signingKeys },
    { provide: PROBLEM_TITLES, useValue: texts.problems },
    { provide: SIMPLE_PAGE_TEXTS, useValue: texts.simplePages },
    { provide: NUMBER_SERIES, useValue: config.numberSeries },
    { provide: ISSUER, useValue: config.publicUrl },
    { provide: APP_LOGIN, useValue: { issuer: config.login.issuer, scope: config.login.apiScope } },
    { provide: LOGIN_PLACE, useValue: { publicUrl: config.publicUrl, issuer: config.login.issuer } },
  ]
}

function remembering(): Provider[] {
  return [
    { provide: AuditLog, inject: [Database], useFactory: (db: Database) => new AuditLog(db) },
    { provide: Catalogues, useValue: new Catalogues() },
    { provide: Clients, inject: [Database], useFactory: (db: Database) => new Clients(db) },
  ]
}

function deciding({ unknownNumberKey }: Config): Provider[] {
  return [
    {
      provide: Decisions,
      inject: [Database, AuditLog, Catalogues],
      useFactory: (db: Database, log: AuditLog, catalogues: Catalogues) =>
        new Decisions(db, log, catalogues, unknownNumberKey),
    },
    {
      provide: OwnRepresentations,
      inject: [Database, AuditLog, Catalogues],
      useFactory: (db: Database, log: AuditLog, catalogues: Catalogues) => new OwnRepresentations(db, log, catalogues),
    },
  ]
}

function answering({ unknownNumberKey, numberSeries }: Config, { texts }: Opened): Provider[] {
  return [
    {
      provide: Searches,
      inject: [Database, AuditLog, Catalogues, Decisions],
      useFactory: (db: Database, log: AuditLog, catalogues: Catalogues, decisions: Decisions) =>
        new Searches(db, log, catalogues, decisions, unknownNumberKey),
    },
    {
      provide: Authzen,
      inject: [Decisions, Searches, Clients, LoginTokens],
      useFactory: (decisions: Decisions, searches: Searches, clients: Clients, tokens: LoginTokens) => {
        const pageTokens = new PageTokens(unknownNumberKey)
        return new Authzen({ decisions, searches, pageTokens, clients, tokens, texts, series: numberSeries })
      },
    },
  ]
}

function loggingIn({ publicUrl, numberSeries, login, workLoginIssuer }: Config): Provider[] {
  const provider = new OpenIdProvider(login)
  // Nobody logs in here at work: its tokens are checked with its public keys, and it needs to know nothing of us.
  const workProvider = workLoginIssuer === null ? null : new OpenIdProvider({ ...login, issuer: workLoginIssuer })
  return [
    { provide: LoginTokens, useValue: new LoginTokens({ provider, workProvider, numberSeries, resource: publicUrl }) },
    {
      provide: PersonLogin,
      inject: [Database, LoginTokens],
      useFactory: (db: Database, tokens: LoginTokens) => new PersonLogin(publicUrl, db, provider, tokens),
    },
    {
      provide: PersonLogout,
      inject: [Database],
      useFactory: (db: Database) => new PersonLogout(publicUrl, db, provider),
    },
    {
      provide: SessionStrategy,
      inject: [Database],
      useFactory: (db: Database) => new SessionStrategy(publicUrl, db),
    },
    {
      provide: AppBearerStrategy,
      inject: [Database, LoginTokens],
      useFactory: (db: Database, tokens: LoginTokens) =>
        new AppBearerStrategy({ issuer: login.issuer, scope: login.apiScope }, db, tokens),
    },
  ]
}

function proving({ publicUrl }: Config): Provider[] {
  return [
    {
      provide: ClientAssertions,
      inject: [Database],
      useFactory: (db: Database) => new ClientAssertions(db, publicUrl),
    },
    {
      provide: ServiceTokens,
      inject: [SigningKeys],
      useFactory: (keys: SigningKeys) => new ServiceTokens(keys, publicUrl),
    },
    {
      provide: ServiceTokenStrategy,
      inject: [ServiceTokens, Clients],
      useFactory: (tokens: ServiceTokens, clients: Clients) => new ServiceTokenStrategy(tokens, clients),
    },
    {
      provide: ActorGrants,
      inject: [Database, Catalogues, LoginTokens],
      useFactory: (db: Database, catalogues: Catalogues, tokens: LoginTokens) =>
        new ActorGrants(db, catalogues, tokens),
    },
    {
      provide: TokenExchange,
      inject: [Database, Catalogues, SigningKeys],
      useFactory: (db: Database, catalogues: Catalogues, keys: SigningKeys) =>
        new TokenExchange(db, catalogues, keys, publicUrl),
    },
    {
      provide: DpopProofs,
      inject: [Database],
      useFactory: (db: Database) => new DpopProofs(db, publicUrl),
    },
    {
      provide: Introspection,
      inject: [Database, AuditLog, Catalogues, SigningKeys],
      useFactory: (db: Database, log: AuditLog, catalogues: Catalogues, keys: SigningKeys) =>
        new Introspection(db, log, catalogues, keys, publicUrl),
    },
    {
      provide: Revocation,
      inject: [Database, SigningKeys, ActorGrants, ServiceTokens],
      useFactory: (db: Database, keys: SigningKeys, grants: ActorGrants, tokens: ServiceTokens) =>
        new Revocation(db, keys, publicUrl, grants, tokens),
    },
    {
      provide: EventFeed,
      inject: [Database, SigningKeys],
      useFactory: (db: Database, keys: SigningKeys) => new EventFeed(db, keys, publicUrl),
    },
    { provide: StatusLists, inject: [Database], useFactory: (db: Database) => new StatusLists(db, publicUrl) },
    { provide: Uses, inject: [Database], useFactory: (db: Database) => new Uses(db) },
  ]
}

function giving({ texts }: Opened): Provider[] {
  return [
    {
      provide: Drafts,
      inject: [Database, Catalogues],
      useFactory: (db: Database, catalogues: Catalogues) => new Drafts(db, catalogues, texts.mandate),
    },
    {
      provide: Mandates,
      inject: [Database, Catalogues],
      useFactory: (db: Database, catalogues: Catalogues) => new Mandates(db, catalogues),
    },
    {
      provide: Acts,
      inject: [Database, Catalogues, LoginTokens],
      useFactory: (db: Database, catalogues: Catalogues, tokens: LoginTokens) => new Acts(db, catalogues, tokens),
    },
    {
      provide: Employments,
      inject: [Database, Catalogues],
      useFactory: (db: Database, catalogues: Catalogues) => new Employments(db, catalogues),
    },
    {
      provide: Rulings,
      inject: [Database, Catalogues],
      useFactory: (db: Database, catalogues: Catalogues) => new Rulings(db, catalogues),
    },
  ]
}

function asking({ unknownNumberKey, letters }: Config): Provider[] {
  return [
    {
      provide: Requests,
      inject: [Database, Catalogues],
      useFactory: (db: Database, catalogues: Catalogues) =>
        new Requests(db, catalogues, unknownNumberKey, letters !== null),
    },
    { provide: Invitations, inject: [Database], useFactory: (db: Database) => new Invitations(db) },
  ]
}

/** A person waits for the answer. */
const ASKED_BY_A_PERSON: Patience = {
  total: 5_000,
  retries: 1,
  firstWait: 250,
  longestWait: 1_000,
  failuresToOpen: 5,
  rest: 10_000,
}

function informing(config: Config, { texts }: Opened): Provider[] {
  return [
    {
      provide: Inbox,
      inject: [Database, Catalogues],
      useFactory: (db: Database, catalogues: Catalogues) => new Inbox(db, catalogues, texts.notices),
    },
    {
      provide: ContactDetails,
      inject: [Database],
      useFactory: (db: Database) => new ContactDetails(db, contactRegisterOf(config, ASKED_BY_A_PERSON)),
    },
    {
      provide: TrustedContacts,
      inject: [Database],
      useFactory: (db: Database) => new TrustedContacts(db, config.unknownNumberKey),
    },
    {
      provide: Receipts,
      inject: [Database, Catalogues],
      useFactory: (db: Database, catalogues: Catalogues) =>
        new Receipts(db, catalogues, texts.receipt, config.publicUrl),
    },
  ]
}
