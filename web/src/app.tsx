import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { ApiError } from './api/errors.ts'
import { LanguageProvider } from './i18n/language.tsx'
import { sessionState, subscribe } from './session/session.ts'
import { Frame } from './ui/frame.tsx'
import { Loading } from './ui/loading.tsx'
import { Narrow } from './ui/narrow.tsx'
import { Rescue } from './ui/rescue.tsx'

const RegisterPage = lazy(() => import('./pages/register/register-page.tsx'))
const ConfirmPage = lazy(() => import('./pages/register/confirm-page.tsx'))
const ResendPage = lazy(() => import('./pages/register/resend-page.tsx'))
const HomePage = lazy(() => import('./pages/home-page.tsx'))
const SignInPage = lazy(() => import('./pages/sign-in/sign-in-page.tsx'))
const ForgotPage = lazy(() => import('./pages/password/forgot-page.tsx'))
const ResetPage = lazy(() => import('./pages/password/reset-page.tsx'))
const AccountPage = lazy(() => import('./pages/account/account-page.tsx'))
const ConsentPage = lazy(() => import('./pages/oauth/consent-page.tsx'))
const AdminPages = lazy(() => import('./pages/admin/admin-pages.tsx'))
const NotFoundPage = lazy(() => import('./pages/not-found-page.tsx'))

const RETRIES = 2

// A button is busy before the second click of a double click: the default leaves it time to send twice.
notifyManager.setScheduler(queueMicrotask)

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Without a connection the page says so, rather than wait for one in silence.
      networkMode: 'always',
      // A part of a page that appears right after another has asked for the same does not ask again.
      staleTime: 5_000,
      // An answer that refuses would refuse again.
      retry: (failures, error) => failures < RETRIES && !(error instanceof ApiError && error.status < 500),
    },
    mutations: { networkMode: 'always' },
  },
})

/** What one person has seen is not there for the next. */
subscribe(() => {
  if (sessionState() !== 'signed-in') queries.clear()
})

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <Frame>
          <Page />
        </Frame>
      </LanguageProvider>
    </QueryClientProvider>
  )
}

function Page() {
  const [path] = useLocation()
  return (
    // By its key the page that is left ends at once, and does not go on behind the fallback until the next has come.
    <Rescue key={path}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/admin/*?" component={AdminPages} />
          <Route>
            <Narrow>
              <Switch>
                <Route path="/" component={HomePage} />
                <Route path="/register" component={RegisterPage} />
                <Route path="/register/confirm" component={ConfirmPage} />
                <Route path="/register/resend" component={ResendPage} />
                <Route path="/sign-in" component={SignInPage} />
                <Route path="/password/forgot" component={ForgotPage} />
                <Route path="/password/reset" component={ResetPage} />
                <Route path="/account" component={AccountPage} />
                <Route path="/oauth/consent" component={ConsentPage} />
                <Route component={NotFoundPage} />
              </Switch>
            </Narrow>
          </Route>
        </Switch>
      </Suspense>
    </Rescue>
  )
}
