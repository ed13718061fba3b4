import type { Server } from 'node:http'
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import type { VerifiedToken } from '@fullmakt/client'
import { type ActingUser, MayNot } from '../acting.js'
import { donePage, homePage, refusedPage } from '../pages.js'
import type { PensionService } from '../pension-service.js'
import { cookieOf } from '../sessions.js'

/** The example with Express. What is Fullmakt's is in `onBehalfOf`; the rest is any service with a login. */
export function expressService(service: PensionService): express.Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(express.urlencoded({ extended: false }))

  app.get('/', (request, response) => {
    response.send(homePage(service.sessions.find(request.headers.cookie) ?? {}))
  })
  app.get('/login', async (_request, response) => {
    const { session, address } = await service.beginLogin()
    response.setHeader('set-cookie', cookieOf(session)).redirect(address)
  })
  app.get('/callback', async (request, response) => {
    const session = service.sessions.find(request.headers.cookie)
    if (session === undefined) {
      response.redirect('/login')
      return
    }
    response.setHeader('set-cookie', cookieOf(await service.finishLogin(session, request.originalUrl))).redirect('/')
  })
  app.post('/representation', (request: Request<object, string, { handle?: string }>, response) => {
    const session = service.sessions.find(request.headers.cookie)
    if (session !== undefined) service.choose(session, request.body.handle ?? '')
    response.redirect(303, '/')
  })
  app.get('/pension', onBehalfOf(service, 'forReading'), (_request, response: Represented) => {
    response.send(donePage('Here is the pension', response.locals.represented))
  })
  app.post('/applications', onBehalfOf(service, 'forSending'), (_request, response: Represented) => {
    service.acting.done(response.locals.represented)
    response.status(201).send(donePage('The application was sent', response.locals.represented))
  })
  app.post('/logout', async (request, response) => {
    const session = service.sessions.find(request.headers.cookie)
    if (session !== undefined) await service.logOut(session)
    response.redirect(303, '/')
  })
  return app
}

type Represented = Response<string, { represented: VerifiedToken }>

/** Lets a request on only when the user may do this now for the one who was chosen, and tells the handler who that is. */
function onBehalfOf(service: PensionService, check: 'forReading' | 'forSending'): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const acting: ActingUser | undefined = service.sessions.find(request.headers.cookie)?.acting
    if (acting === undefined) {
      response.redirect('/login')
      return
    }
    try {
      response.locals['represented'] = await service.acting[check](acting, 'nav.pension')
    } catch (error) {
      if (!(error instanceof MayNot)) throw error
      response.status(403).send(refusedPage())
      return
    }
    next()
  }
}

export function listen(app: express.Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, 'localhost', (error) => (error === undefined ? resolve(server) : reject(error)))
  })
}
