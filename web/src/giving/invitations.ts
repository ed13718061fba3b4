import { useCallback } from 'react'
import { api } from '../api.js'
import type { components } from '../generated/api.js'
import { type Loaded, useLoaded } from '../shell/use-loaded.js'
import type { Invited } from './giving-state.js'

export type Invitation = components['schemas']['InvitationView']
export type NewInvitation = components['schemas']['NewInvitationView']

export interface Invitations {
  readonly invitations: readonly Invitation[]
  /** When it was so (ISO 8601). */
  readonly at: string
}

/** One's own codes, latest first. */
export function useInvitations(): [Loaded<Invitations>, again: () => void] {
  return useLoaded(
    useCallback(async (signal: AbortSignal) => {
      const { data, error } = await api.GET('/v1/me/invitations', { signal })
      return data === undefined ? { error } : { data: { invitations: data.invitations, at: new Date().toISOString() } }
    }, []),
  )
}

/** Who has redeemed it and can be given something. */
export function invitedBy({ invitation_id, state, redeemed_by: by }: Invitation): Invited | null {
  if (state !== 'redeemed' || by === null) return null
  return { invitationId: invitation_id, name: by.name, bornYear: by.born_year }
}

/** Makes a code. One that was made by a try before, whose answer was lost, is shown to no one any more: it is cancelled. */
export async function invite(label: string, key: string) {
  const body = label === '' ? {} : { label }
  const made = await api.POST('/v1/me/invitations', { params: { header: { 'Idempotency-Key': key } }, body })
  if (made.data === undefined || made.data.code !== null) return made
  await cancelInvitation(made.data.invitation_id, crypto.randomUUID())
  return api.POST('/v1/me/invitations', { params: { header: { 'Idempotency-Key': crypto.randomUUID() } }, body })
}

export function cancelInvitation(invitationId: string, key: string) {
  return api.POST('/v1/me/invitations/{invitationId}/cancellation', {
    params: { path: { invitationId }, header: { 'Idempotency-Key': key } },
  })
}
