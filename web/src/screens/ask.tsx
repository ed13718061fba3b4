import { Navigate, Route, Routes } from 'react-router'
import '../giving/giving.css'
import { GivingProvider } from '../giving/giving.js'
import { AskHowLong } from './ask-how-long.js'
import { AskLookOver } from './ask-look-over.js'
import { AskStart } from './ask-start.js'
import { AskWhat } from './ask-what.js'
import { AskWho } from './ask-who.js'

/** R4: asking someone for a fullmakt, one address for each step, and what one has asked for. */
export function Ask() {
  return (
    <GivingProvider purpose="asking">
      <Routes>
        <Route index element={<AskStart />} />
        <Route path="hvem" element={<AskWho />} />
        <Route path="hva" element={<AskWhat />} />
        <Route path="hvor-lenge" element={<AskHowLong />} />
        <Route path="se-over" element={<AskLookOver />} />
        <Route path="*" element={<Navigate to="/be-om" replace />} />
      </Routes>
    </GivingProvider>
  )
}
