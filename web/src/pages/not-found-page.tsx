import { useTexts } from '../i18n/language.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { Title } from '../ui/title.tsx'

export default function NotFoundPage() {
  const { notFound } = useTexts()
  return (
    <>
      <Title>{notFound.title}</Title>
      <TextLink href="/" className="mt-6 inline-block">
        {notFound.home}
      </TextLink>
    </>
  )
}
