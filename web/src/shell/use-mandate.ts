import { useCallback } from 'react'
import { api } from '../api.js'
import { useLanguage } from './language.js'
import type { Mandate } from './own-mandates.js'
import { type Loaded, useLoaded } from './use-loaded.js'

/** One mandate as it stands. */
export function useMandate(mandateId: string): [Loaded<Mandate>, again: () => void] {
  const { language } = useLanguage()
  return useLoaded(
    useCallback(
      (signal: AbortSignal) =>
        api.GET('/v1/me/mandates/{mandateId}', { params: { path: { mandateId }, query: { language } }, signal }),
      [mandateId, language],
    ),
  )
}
