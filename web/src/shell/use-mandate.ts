import { useCallback } from 'react'
import { useMandatesApi } from './acting-for.js'
import { useLanguage } from './language.js'
import type { Mandate } from './own-mandates.js'
import { type Loaded, useLoaded } from './use-loaded.js'

/** One mandate as it stands. */
export function useMandate(mandateId: string): [Loaded<Mandate>, again: () => void] {
  const { language } = useLanguage()
  const mandatesApi = useMandatesApi()
  return useLoaded(
    useCallback(
      (signal: AbortSignal) =>
        mandatesApi.GET('/mandates/{mandateId}', { params: { path: { mandateId }, query: { language } }, signal }),
      [mandatesApi, mandateId, language],
    ),
  )
}
