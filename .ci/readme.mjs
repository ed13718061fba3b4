import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'

/**
 * Makes a clean clone, installs it and runs the README's commands there as they are printed: the fenced `sh` blocks, one
 * after the other. `npm start` goes on in the background while the others run.
 */
const clone = path.join(mkdtempSync(path.join(os.tmpdir(), 'fullmakt-readme-')), 'fullmakt')
chmodSync(path.dirname(clone), 0o755)
execFileSync('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), clone], { stdio: 'inherit' })
const blocks = [...readFileSync(path.join(clone, 'README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)]
const commands = blocks
  .flatMap(([, block]) => block.split('\n'))
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
if (!commands.includes('npm ci && npm start') || !commands.includes('npm ci && npm test')) {
  throw new Error('the README does not print the two commands')
}

let started
try {
  for (const command of commands) {
    console.log(`$ ${command}`)
    if (command.endsWith('npm start')) started = await start(command)
    else execFileSync('bash', ['-euo', 'pipefail', '-c', command], { cwd: clone, stdio: 'inherit' })
  }
} finally {
  if (started !== undefined) await stop(started)
  rmSync(path.dirname(clone), { recursive: true, force: true })
}

async function start(command) {
  if (!(await isFree(3000))) throw new Error('port 3000 is taken: the README cannot be run as printed')
  const child = spawn('bash', ['-c', command], { cwd: clone, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk)
      text += chunk
      if (text.includes('Stop with Ctrl-C')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)))
    setTimeout(() => reject(new Error(`${command} did not start within three minutes`)), 180_000).unref()
  })
  return child
}

async function stop(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGINT')
  await ended
  for (let tries = 0; !(await isFree(3000)); tries++) {
    if (tries > 50) throw new Error('something still listens on port 3000 after Ctrl-C')
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
