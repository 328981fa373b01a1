import { useTexts } from '../../i18n/language.tsx'
import { Title } from '../../ui/title.tsx'
import { ResendForm } from './resend-form.tsx'

/** For whoever comes back without the mail. */
export default function ResendPage() {
  const { resend: texts } = useTexts()
  return (
    <>
      <Title>{texts.title}</Title>
      <ResendForm>{texts.explain}</ResendForm>
    </>
  )
}
