import type { components } from '../generated/api.js'
import { useLanguage } from './language.js'

type Basis = components['schemas']['OwnPowerView']['basis']

/** Why someone may act for another; of what the law says also where it comes from and who can change it. */
export function BasisWords({ basis, who = 'you' }: { readonly basis: Basis; readonly who?: 'you' | 'other' }) {
  const { say } = useLanguage()
  return (
    <div>
      <p className="row">
        {say('basis.why')} <strong>{say(who === 'you' ? `basis.${basis}` : `basis.${basis}_of_other`)}</strong>
      </p>
      {basis !== 'mandate' && <p className="quiet">{say(`basis.${basis}_from`)}</p>}
    </div>
  )
}
