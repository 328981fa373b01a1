import autocannon from 'autocannon'
import { openLoop } from '../load.ts'
import { percentile } from '../statistics.ts'
import type { LoadGenerator } from './load-generator.ts'

/** Where there is no wrk. It takes several times wrk's time for a request, so that ratios come out higher than they are. */
export const inNode: LoadGenerator = {
  name: 'autocannon',

  async flatOut({ url, requests, connections, seconds }) {
    const options = { url, requests: [...requests], connections, duration: seconds, workers: 1 }
    const { requests: answered, latency, non2xx, errors } = await autocannon(options)
    const { p50, p99 } = latency
    return { perSecond: answered.average, answered: answered.total, failed: non2xx + errors, p50, p99 }
  },

  async paced({ url, requests, seconds }, perSecond) {
    const request = (index: number) => ({ method: 'GET', path: '/', ...requests[index % requests.length] })
    const load = await openLoop({ url, rate: Math.round(perSecond), seconds, request })
    const latencies = load.outcomes.map(({ latency }) => latency)
    return {
      perSecond: load.outcomes.length / load.seconds,
      answered: load.outcomes.length,
      failed: load.outcomes.filter(({ status }) => status !== 200).length,
      p95: percentile(latencies, 0.95),
    }
  },
}
