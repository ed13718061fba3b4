import { Navigate, Route, Routes } from 'react-router'
import '../giving/giving.css'
import { GivingProvider } from '../giving/giving.js'
import { useLanguage } from '../shell/language.js'
import { SignedInOnly } from '../shell/signed-in-only.js'
import { Extend } from './extend.js'
import { GiveHowLong } from './give-how-long.js'
import { GiveLookOver } from './give-look-over.js'
import { GiveReceipt } from './give-receipt.js'
import { GiveWhat } from './give-what.js'
import { GiveWho } from './give-who.js'
import { PassOn } from './pass-on.js'

/** C3 to C7: one address for each step. */
export function Give() {
  const { say } = useLanguage()
  return (
    <SignedInOnly heading={say('give.title')}>
      <GivingProvider>
        <Routes>
          <Route path="hvem" element={<GiveWho />} />
          <Route path="hva" element={<GiveWhat />} />
          <Route path="hvor-lenge" element={<GiveHowLong />} />
          <Route path="se-over" element={<GiveLookOver />} />
          <Route path="kvittering/:mandateId" element={<GiveReceipt />} />
          <Route path="forleng/:mandateId" element={<Extend />} />
          <Route path="videre/:mandateId" element={<PassOn />} />
          <Route path="*" element={<Navigate to="/gi/hvem" replace />} />
        </Routes>
      </GivingProvider>
    </SignedInOnly>
  )
}
