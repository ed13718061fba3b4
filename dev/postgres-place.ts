import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { copyPostgresPackage, findPostgresPackage, programsIn } from './postgres-package.js'

/** The user who runs a server that root starts, for PostgreSQL refuses to run as root. */
export interface OtherUser {
  readonly uid: number
  readonly gid: number
}

/** Where the server of one data folder runs from, and as whom. */
export interface Place {
  /** Folder with `postgres` and `initdb`. */
  readonly programs: string
  /** Folder that holds the cluster or is to hold it. The server's user reaches it. */
  readonly home: string
  /** Undefined: the user who starts it. */
  readonly user: OtherUser | undefined
  /** Takes the cluster back to the data folder. For when the server has stopped. */
  readonly leave: () => void
}

/** The cluster and its password, in one folder that is made and moved as one. */
export function clusterIn(home: string): string {
  return path.join(home, 'cluster')
}

/**
 * Finds a place where the server of a data folder can run. The folder is absolute, claimed, and no server runs in it.
 *
 * Mostly that is the data folder itself, with the programs where npm put them. Root is the exception: the server then
 * runs as another user, who may be barred from either by a home folder of mode 0700. Barred programs are copied. A
 * barred cluster is lodged outside while the server runs and comes home when it stops, so that a folder at rest is
 * whole: no cleaner of temporary files touches it, and to copy, move or delete it means just that. After a crash the
 * file `lodged-at` tells the next start where the cluster is.
 */
export function findPlace(folder: string): Place {
  const original = findPostgresPackage()
  if (process.getuid?.() !== 0) {
    return { programs: programsIn(original), home: folder, user: undefined, leave: () => undefined }
  }
  const lodging = knownLodging(folder)
  const user = ownerOf(clusterIn(lodging ?? folder)) ?? findOtherUser()
  const home = lodging ?? (canWorkIn(folder, user) ? folder : findLodging(folder, user))
  if (home !== folder) moveIn(folder, home)
  takeOverFromRoot(clusterIn(home), user)
  const programs = programsFor(user, original, path.join(home, 'package'))
  return { programs, home, user, leave: () => home === folder || moveBack(home, folder) }
}

/** Whoever owns the cluster goes on owning it, whichever users the system has got or lost since. */
function ownerOf(cluster: string): OtherUser | undefined {
  const owner = statSync(cluster, { throwIfNoEntry: false })
  return owner === undefined || owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid }
}

function findOtherUser(): OtherUser {
  const name = ['postgres', '_postgres', 'nobody'].find((user) => spawnSync('id', ['-u', user]).status === 0)
  if (name === undefined) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody')
  const id = (kind: '-u' | '-g') => Number(execFileSync('id', [kind, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Where root has unpacked or copied a data folder, the cluster in it has become root's. */
function takeOverFromRoot(cluster: string, { uid, gid }: OtherUser): void {
  if (existsSync(cluster) && statSync(cluster).uid === 0) execFileSync('chown', ['-R', `${uid}:${gid}`, cluster])
}

function programsFor(user: OtherUser, original: string, copy: string): string {
  const tried = spawnSync(path.join(programsIn(original), 'postgres'), ['--version'], { ...user, cwd: '/', env: {} })
  if (tried.status === 0) return programsIn(original)
  copyPostgresPackage(original, copy)
  return programsIn(copy)
}

/** Asked by trying: permission bits do not tell of access lists, mount options and file systems without owners. */
function canWorkIn(folder: string, user: OtherUser): boolean {
  let trial: string | undefined
  try {
    trial = mkdtempSync(path.join(folder, 'trial-'))
    chownSync(trial, user.uid, user.gid)
    const script = 'cd "$1" && echo "#!/bin/sh" >run && chmod 700 run && ./run'
    return spawnSync('/bin/sh', ['-c', script, 'sh', trial], { ...user, cwd: '/' }).status === 0
  } catch {
    return false
  } finally {
    if (trial !== undefined) rmSync(trial, { recursive: true })
  }
}

function pointerIn(folder: string): string {
  return path.join(folder, 'lodged-at')
}

function guestNoteIn(lodging: string): string {
  return path.join(lodging, 'guest')
}

/** @throws Error when the pointer was copied here together with another data folder, whose cluster it is. */
function knownLodging(folder: string): string | undefined {
  const pointer = pointerIn(folder)
  const lodging = existsSync(pointer) ? readFileSync(pointer, 'utf8') : ''
  if (!isRootsOwn(lodging) || !existsSync(guestNoteIn(lodging))) return undefined
  const guest = readFileSync(guestNoteIn(lodging), 'utf8')
  if (guest === folder) return lodging
  throw new Error(`${pointer} leads to the database of ${guest}. Delete that file to begin with an empty database.`)
}

/** A name among temporary files is anyone's to take once it is free: only what root made is to be trusted. */
function isRootsOwn(lodging: string): boolean {
  const found = lstatSync(lodging, { throwIfNoEntry: false })
  return found !== undefined && found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0
}

/** /var/tmp first: it outlives a restart of the machine, and so does a cluster that a crash has left there. */
function findLodging(folder: string, user: OtherUser): string {
  const parent = ['/var/tmp', os.tmpdir(), '/var/lib'].find((candidate) => canWorkIn(candidate, user))
  if (parent === undefined) throw new Error(`User ${user.uid} can reach neither ${folder} nor a folder to lodge it in`)
  const lodging = mkdtempSync(path.join(realpathSync(parent), 'fullmakt-postgres-'))
  chmodSync(lodging, 0o711)
  writeFileSync(pointerIn(folder), lodging)
  writeFileSync(guestNoteIn(lodging), folder)
  return lodging
}

function moveIn(folder: string, lodging: string): void {
  const [from, to] = [clusterIn(folder), clusterIn(lodging)]
  if (!existsSync(from)) return
  if (existsSync(to)) throw new Error(`There is one database in ${from} and another in ${to}. Move one of them away.`)
  move(from, to)
}

/** The pointer goes last: until then an interrupted return is finished by the next start and stop. */
function moveBack(lodging: string, folder: string): void {
  if (existsSync(clusterIn(lodging))) move(clusterIn(lodging), clusterIn(folder))
  rmSync(lodging, { recursive: true })
  rmSync(pointerIn(folder))
}

/** Moves a folder with all owners and modes. Interrupted, it leaves the whole folder in one of the two places. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    rmSync(`${to}.copy`, { recursive: true, force: true })
    execFileSync('cp', ['-a', from, `${to}.copy`])
    renameSync(`${to}.copy`, to)
    renameSync(from, `${from}.moved`)
    rmSync(`${from}.moved`, { recursive: true })
  }
}
