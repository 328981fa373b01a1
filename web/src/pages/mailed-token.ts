import { useEffect } from 'react'
import { useLocation, useSearchParams } from 'wouter'

/** The token of a mailed link. It does not stay in the address, where others read it over one's shoulder or in the history; a reload keeps it. */
export function useMailedToken(): string {
  const [parameters] = useSearchParams()
  const [path, navigate] = useLocation()
  const mailed = parameters.get('token')
  useEffect(() => {
    if (mailed !== null) navigate(path, { replace: true, state: { token: mailed } })
  }, [mailed, path, navigate])
  return mailed ?? history.state?.token ?? ''
}
