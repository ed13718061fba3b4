import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'

/**
 * Unpacks the Chromium that npm ships, with the libraries it needs, where that has not been done for this version, and
 * prints where it lies. Unpacked beside and then moved: of two that do so at once, one has done it for both.
 */
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const { version } = packages['node_modules/@sparticuz/chromium']
const place = path.join(tmpdir(), `fullmakt-chromium-${version}-${userInfo().uid}`)

if (!existsSync(place)) {
  process.env.TMPDIR = mkdtempSync(`${place}.`)
  // Has it unpack the system's libraries as well.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'
  const { default: chromium } = await import('@sparticuz/chromium')
  await chromium.executablePath()
  try {
    renameSync(process.env.TMPDIR, place)
  } catch {
    rmSync(process.env.TMPDIR, { recursive: true })
  }
}
console.log(place)
