import { useEffect, useSyncExternalStore } from 'react'
import { resume, type SessionState, sessionState, subscribe } from './session.ts'

/** Whether somebody is signed in; asks the server on the first use after a load. */
export function useSession(): SessionState {
  const state = useSyncExternalStore(subscribe, sessionState)
  useEffect(() => {
    if (state === 'unknown') resume().catch(() => undefined) // the state says that nobody answered
  }, [state])
  return state
}
