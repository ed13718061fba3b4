import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'

/** Commands that go on in the background while the others run: how each ends, when it is ready, the port it takes. */
const SERVERS = [
  { ending: 'npm start', ready: 'Stop with Ctrl-C', port: 3000 },
  { ending: 'npm run example:express', ready: 'The example with Express', port: 3010 },
]

/**
 * Makes a clean clone and runs a page's commands there as they are printed: the fenced `sh` blocks, one after the other.
 * Gives the seconds that it took from the first to the last.
 */
export async function runPrinted(page, wanted) {
  const clone = path.join(mkdtempSync(path.join(os.tmpdir(), 'fullmakt-page-')), 'fullmakt')
  chmodSync(path.dirname(clone), 0o755)
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), clone], { stdio: 'inherit' })
  const commands = commandsOf(readFileSync(path.join(clone, page), 'utf8'))
  for (const command of wanted) if (!commands.includes(command)) throw new Error(`${page} does not print ${command}`)
  const begun = performance.now()
  const started = []
  try {
    for (const command of commands) {
      console.log(`$ ${command}`)
      const server = SERVERS.find(({ ending }) => command.endsWith(ending))
      if (server !== undefined) started.push(await start(command, server, clone))
      else execFileSync('bash', ['-euo', 'pipefail', '-c', command], { cwd: clone, stdio: 'inherit' })
    }
    return (performance.now() - begun) / 1000
  } finally {
    for (const server of started.reverse()) await stop(server)
    rmSync(path.dirname(clone), { recursive: true, force: true })
  }
}

function commandsOf(text) {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
  return blocks.flatMap(([, block]) => block.split('\n')).filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

async function start(command, { ready, port }, cwd) {
  if (!(await isFree(port))) throw new Error(`port ${port} is taken: the page cannot be run as printed`)
  const child = spawn('bash', ['-c', command], { cwd, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk)
      text += chunk
      if (text.includes(ready)) resolve()
    })
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)))
    setTimeout(() => reject(new Error(`${command} did not start within three minutes`)), 180_000).unref()
  })
  return { child, port }
}

async function stop({ child, port }) {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGINT')
  await ended
  for (let tries = 0; !(await isFree(port)); tries++) {
    if (tries > 50) throw new Error(`something still listens on port ${port} after Ctrl-C`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
