import { lazy } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { useTexts } from '../../i18n/language.tsx'
import { SignedIn } from '../../session/signed-in.tsx'
import { useIsAdmin, useMe } from '../../session/use-me.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Title } from '../../ui/title.tsx'

const MembersPage = lazy(() => import('./members/members-page.tsx'))
const MemberPage = lazy(() => import('./member/member-page.tsx'))
const GatewayPage = lazy(() => import('./gateway/gateway-page.tsx'))
const SystemPage = lazy(() => import('./system/system-page.tsx'))
const AuditPage = lazy(() => import('./audit/audit-page.tsx'))
const KeysPage = lazy(() => import('./keys/keys-page.tsx'))
const ClientsPage = lazy(() => import('./clients/clients-page.tsx'))
const NotFoundPage = lazy(() => import('../not-found-page.tsx'))

const AREAS = ['members', 'gateway', 'system', 'audit', 'keys'] as const
const ADMIN_AREAS = ['clients'] as const

/** The console. Who may see what in it the gateway decides, request by request. */
export default function AdminPages() {
  return (
    <SignedIn>
      <Console />
    </SignedIn>
  )
}

function Console() {
  const { admin } = useTexts()
  const { data, error, isPending, refetch } = useMe()
  if (isPending) return <Loading />
  if (!data) {
    return (
      <>
        <Title>{admin.navigation}</Title>
        <Failure error={error} onRetry={refetch} />
      </>
    )
  }
  if (data.roles.length === 0) return <Title>{admin.staffOnly}</Title>
  return (
    <>
      <Navigation />
      <Switch>
        <Route path="/admin">
          <Redirect replace to="/admin/members" />
        </Route>
        <Route path="/admin/members" component={MembersPage} />
        <Route path="/admin/members/:userID" component={MemberPage} />
        <Route path="/admin/gateway" component={GatewayPage} />
        <Route path="/admin/system" component={SystemPage} />
        <Route path="/admin/audit" component={AuditPage} />
        <Route path="/admin/keys" component={KeysPage} />
        <Route path="/admin/clients" component={ClientsPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </>
  )
}

function Navigation() {
  const { admin } = useTexts()
  const [path] = useLocation()
  const areas = useIsAdmin() ? [...AREAS, ...ADMIN_AREAS] : AREAS
  const isIn = (area: string) => path === `/admin/${area}` || path.startsWith(`/admin/${area}/`)
  return (
    <nav aria-label={admin.navigation} className="-mt-4 mb-8 flex flex-wrap gap-x-6 border-b border-line/40">
      {areas.map((area) => (
        <Link
          key={area}
          href={`/admin/${area}`}
          aria-current={isIn(area) ? 'page' : undefined}
          className={`border-b-2 py-3 ${isIn(area) ? 'border-accent font-semibold' : 'border-transparent hover:border-line'}`}
        >
          {admin[area]}
        </Link>
      ))}
    </nav>
  )
}
