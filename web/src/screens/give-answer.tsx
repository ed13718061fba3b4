import { useEffect } from 'react'
import { Navigate, useNavigate, useParams } from 'react-router'
import { useGiving } from '../giving/giving.js'
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
  useEffect(() => {
    const { request_id: requestId, helper, until: lastDay, powers } = request
    change({ type: 'answer', answered: { requestId, helper: helper.name, lastDay, powers } })
    void navigate('/gi/hva', { replace: true })
  }, [request, change, navigate])
  return null
}
