import { Link } from 'wouter'
import { useTexts } from '../i18n/language.tsx'
import { useSession } from '../session/use-session.ts'
import { Title } from '../ui/title.tsx'

export default function HomePage() {
  const { home, account } = useTexts()
  const signedOut = useSession() === 'signed-out'
  return (
    <>
      <Title>{home.title}</Title>
      <ul className="mt-8 grid gap-4">
        <Way to="/register" name={home.register} explain={home.explain.register} />
        {signedOut ? (
          <Way to="/sign-in" name={home.signIn} explain={home.explain.account} />
        ) : (
          <Way to="/account" name={account.title} explain={home.explain.account} />
        )}
      </ul>
    </>
  )
}

const Way = ({ to, name, explain }: { to: string; name: string; explain: string }) => (
  <li className="rounded-lg border border-line/60 bg-surface p-5">
    <Link href={to} className="text-lg font-medium text-accent underline underline-offset-4">
      {name}
    </Link>
    <p className="mt-1 text-muted">{explain}</p>
  </li>
)
