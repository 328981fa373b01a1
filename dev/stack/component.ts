import type { Daemon } from './daemon.ts'

/** A part of the local stack, running. */
export interface Component extends Daemon {
  /** How its clients reach it. */
  url: string
}

/** The programs of the local stack: where each is on this machine. */
export interface Programs {
  postgres: string
  redis: string
  java: string
  maven: string
}
