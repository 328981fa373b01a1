/** What passes through a worker, for its metrics. */
export interface Traffic {
  /** Connections of clients: all so far, and those that are open. */
  accepted: number
  active: number
  /** Requests: all so far, and those without their whole answer. */
  requests: number
  underWay: number
}

export const noTraffic = (): Traffic => ({ accepted: 0, active: 0, requests: 0, underWay: 0 })
