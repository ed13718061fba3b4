/** Injection tokens for the plain values that controllers are given. */

/** `Config.numberSeries`: whether real or synthetic identity numbers count here. */
export const NUMBER_SERIES = Symbol('number series')
/** `Config.publicUrl`: where this service is reached, and the issuer of its tokens. */
export const ISSUER = Symbol('issuer')
/** What people read of each problem (`texts/problems.yaml`). */
export const PROBLEM_TITLES = Symbol('problem titles')
/** The words of the pages without JavaScript (`texts/without-script.yaml`). */
export const SIMPLE_PAGE_TEXTS = Symbol('texts of the pages without JavaScript')
/** Where an app gets access tokens for a person's own pages here, and the scope they must carry. */
export const APP_LOGIN = Symbol('app login')
export interface AppLogin {
  readonly issuer: string
  readonly scope: string
}
