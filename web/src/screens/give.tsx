import { Navigate, Route, Routes } from 'react-router'
import '../giving/giving.css'
import { GivingProvider } from '../giving/giving.js'
import { GiveAgain } from './give-again.js'
import { GiveAnswer } from './give-answer.js'
import { GiveByCode } from './give-by-code.js'
import { GiveHowLong } from './give-how-long.js'
import { GiveLookOver } from './give-look-over.js'
import { GiveReceipt } from './give-receipt.js'
import { GiveWhat } from './give-what.js'
import { GiveWho } from './give-who.js'
import { PassOn } from './pass-on.js'

/** C3 to C7: one address for each step. */
export function Give() {
  return (
    <GivingProvider purpose="giving">
      <Routes>
        <Route path="hvem" element={<GiveWho />} />
        <Route path="kode" element={<GiveByCode />} />
        <Route path="hva" element={<GiveWhat />} />
        <Route path="hvor-lenge" element={<GiveHowLong />} />
        <Route path="se-over" element={<GiveLookOver />} />
        <Route path="kvittering/:mandateId" element={<GiveReceipt />} />
        <Route path="svar/:requestId" element={<GiveAnswer />} />
        <Route path="videre/:mandateId" element={<PassOn />} />
        <Route index element={<GiveAgain />} />
        <Route path="*" element={<Navigate to="/gi/hvem" replace />} />
      </Routes>
    </GivingProvider>
  )
}
