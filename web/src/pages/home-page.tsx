import { Link } from 'wouter'
import { useTexts } from '../i18n/language.tsx'
import { Title } from '../ui/title.tsx'

const WAYS = { register: '/register', signIn: '/sign-in' } as const

export default function HomePage() {
  const { home } = useTexts()
  return (
    <>
      <Title>{home.title}</Title>
      <ul className="mt-8 grid gap-4">
        {(['register', 'signIn'] as const).map((way) => (
          <li key={way} className="rounded-lg border border-line/60 bg-surface p-5">
            <Link href={WAYS[way]} className="text-lg font-medium text-accent underline underline-offset-4">
              {home[way]}
            </Link>
            <p className="mt-1 text-muted">{home.explain[way]}</p>
          </li>
        ))}
      </ul>
    </>
  )
}
