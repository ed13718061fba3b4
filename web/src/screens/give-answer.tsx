import { useEffect } from 'react'
import { Navigate, useNavigate, useParams } from 'react-router'
import { useGiving } from '../giving/giving.js'
import { useActingFor } from '../shell/acting-for.js'
import type { DoneState } from '../shell/done.js'
import { Shown } from '../shell/shown.js'
import { type Request, canBeApproved, useRequest } from '../shell/use-request.js'

/** Where saying yes to a request begins: with all that was asked for, of which one takes away what one does not want. */
export function GiveAnswer() {
  const { requestId = '' } = useParams()
  const [loaded, again] = useRequest(requestId)
  return (
    <Shown loaded={loaded} again={again}>
      {(request) =>
        canBeApproved(request) ? <Prefill request={request} /> : <Navigate to={`/foresporsler/${requestId}`} replace />
      }
    </Shown>
  )
}

function Prefill({ request }: { readonly request: Request }) {
  const { say: change } = useGiving()
  const navigate = useNavigate()
  const { organisation, choose } = useActingFor()
  useEffect(() => {
    if (organisation !== null) {
      // Requests are one's own: one sees it again as oneself, and is told so.
      const state: DoneState = { done: 'done.oneself_again', name: organisation.name }
      choose(null)
      void navigate(`/foresporsler/${request.request_id}`, { replace: true, state })
      return
    }
    const { request_id: requestId, helper, until: lastDay, powers } = request
    change({ type: 'answer', answered: { requestId, helper: helper.name, lastDay, powers } })
    void navigate('/gi/hva', { replace: true })
  }, [request, change, navigate, organisation, choose])
  return null
}
