import { processorSeconds } from '../processor-time.ts'
import { median } from '../statistics.ts'
import { CONNECTIONS, type Part, withGateway } from './bench.ts'
import { requestOf, tokensChain, USERS } from './workloads.ts'

const ROUNDS = 3
const SECONDS = 4
/** More than the gateway remembers: sent in turn, none of them is remembered when it comes again. */
const STRANGERS = 40_000
/** What a token may cost that is known, as a part of what one costs whose signature has to be checked. */
const LIMIT = 0.75

/** What a request costs whose token has been seen before, beside one that has not: the difference is the signature's check. */
export const repeatedTokens: Part = {
  name: 'tokens',
  run(bench) {
    const { requests: known } = tokensChain(bench)
    return withGateway(bench, tokensChain(bench), async ({ url, pid }) => {
      const unknown = Array.from({ length: STRANGERS }, (_, user) => requestOf(bench.key.token(USERS + user)))
      const cost = async (requests: typeof known) => {
        const before = processorSeconds(pid)
        const { answered } = await bench.load.flatOut({ url, requests, connections: CONNECTIONS, seconds: SECONDS })
        return ((processorSeconds(pid) - before) / answered) * 1e6
      }
      await cost(known)
      const [again, first] = [[] as number[], [] as number[]]
      for (let round = 0; round < ROUNDS; round++) {
        first.push(await cost(unknown))
        again.push(await cost(known))
      }
      const ratio = median(again) / median(first)
      return [
        {
          what: "kong.yaml's own chain, a token seen before beside one that was not: processor time a request, µs",
          measured: median(again).toFixed(0),
          baseline: median(first).toFixed(0),
          ratio,
          target: `≤ ${LIMIT} ×`,
          met: ratio <= LIMIT,
        },
      ]
    })
  },
}
