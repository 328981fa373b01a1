import { useTexts } from '../../../i18n/language.tsx'
import { Title } from '../../../ui/title.tsx'
import { Audit } from './audit.tsx'
import { Consumers } from './consumers.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { Services } from './services.tsx'

export default function SystemPage() {
  return (
    <>
      <Title>{useTexts().operations.system.title}</Title>
      <Services />
      <Consumers />
      <DeadLetters />
      <Audit />
    </>
  )
}
