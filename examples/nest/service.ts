import 'reflect-metadata'
import {
  Body,
  type CanActivate,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Header,
  HttpCode,
  Injectable,
  Module,
  Post,
  Req,
  Res,
  SetMetadata,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common'
import { NestFactory, Reflector } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { VerifiedToken } from '@fullmakt/client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { MayNot } from '../acting.js'
import { donePage, homePage } from '../pages.js'
import { PensionService } from '../pension-service.js'
import { cookieOf } from '../sessions.js'

type Check = 'forReading' | 'forSending'
type RepresentedRequest = FastifyRequest & { represented?: VerifiedToken }

/** Lets a request on only when the user may do this now for the one who was chosen. */
@Injectable()
class OnBehalfOfGuard implements CanActivate {
  constructor(
    private readonly service: PensionService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RepresentedRequest>()
    const check = this.reflector.get<Check>('onBehalfOf', context.getHandler())
    const acting = this.service.sessions.find(request.headers.cookie)?.acting
    if (acting === undefined) throw new UnauthorizedException('log in first')
    try {
      request.represented = await this.service.acting[check](acting, 'nav.pension')
      return true
    } catch (error) {
      if (error instanceof MayNot) throw new ForbiddenException('not for the one you act for, or not any more')
      throw error
    }
  }
}

/** On a handler: it is run on behalf of another. Both come with one decorator, so that neither can be forgotten. */
function OnBehalfOf(check: Check): MethodDecorator {
  return (target, name, descriptor) => {
    SetMetadata('onBehalfOf', check)(target, name, descriptor)
    UseGuards(OnBehalfOfGuard)(target, name, descriptor)
  }
}

/** The one on whose behalf a handler is run. */
const Represented = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedToken => {
  const { represented } = context.switchToHttp().getRequest<RepresentedRequest>()
  if (represented === undefined) throw new Error('this handler has no @OnBehalfOf')
  return represented
})

const HTML = 'text/html; charset=utf-8'

@Controller()
class PensionController {
  constructor(private readonly service: PensionService) {}

  @Get()
  @Header('content-type', HTML)
  home(@Req() request: FastifyRequest): string {
    return homePage(this.service.sessions.find(request.headers.cookie) ?? {})
  }

  @Get('login')
  async login(@Res() reply: FastifyReply): Promise<void> {
    const { session, address } = await this.service.beginLogin()
    await reply.header('set-cookie', cookieOf(session)).redirect(address)
  }

  @Get('callback')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = this.service.sessions.find(request.headers.cookie)
    if (session === undefined) {
      await reply.redirect('/login')
      return
    }
    const begun = await this.service.finishLogin(session, request.url)
    await reply.header('set-cookie', cookieOf(begun)).redirect('/')
  }

  @Post('representation')
  async choose(
    @Req() request: FastifyRequest,
    @Body('handle') handle: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const session = this.service.sessions.find(request.headers.cookie)
    if (session !== undefined) this.service.choose(session, String(handle))
    await reply.redirect('/', 303)
  }

  @Get('pension')
  @OnBehalfOf('forReading')
  @Header('content-type', HTML)
  pension(@Represented() represented: VerifiedToken): string {
    return donePage('Here is the pension', represented)
  }

  @Post('applications')
  @HttpCode(201)
  @OnBehalfOf('forSending')
  @Header('content-type', HTML)
  apply(@Represented() represented: VerifiedToken): string {
    this.service.acting.done(represented)
    return donePage('The application was sent', represented)
  }

  @Post('logout')
  async logOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = this.service.sessions.find(request.headers.cookie)
    if (session !== undefined) await this.service.logOut(session)
    await reply.redirect('/', 303)
  }
}

/** The example with NestJS. What is Fullmakt's is in `OnBehalfOf`; the rest is any service with a login. */
export async function nestService(service: PensionService): Promise<NestFastifyApplication> {
  @Module({ controllers: [PensionController], providers: [{ provide: PensionService, useValue: service }] })
  class PensionModule {}
  return NestFactory.create<NestFastifyApplication>(PensionModule, new FastifyAdapter(), { logger: ['error'] })
}
