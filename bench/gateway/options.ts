import { misused, readArguments } from '../../lib/run-as-command.ts'

const COMMAND = 'bench'

/** A peer has to be set up before the run, so it must know where the upstream will be. */
export const PEER_UPSTREAM_PORT = 9480

export const USAGE = `npm run bench -- gateway [--only TEXT] [--peer HOST:PORT]…

  --only TEXT       the parts with TEXT in their name, of: throughput no plugins | key-auth + acl + group-quota | kong.yaml's own
                    chain | 200 routes | 5,000 routes; large file; tokens; routing; streaming; idle; reload
  --peer HOST:PORT  another gateway for the throughput rows. A first run leaves what it has to serve in .local/bench/gateway/,
                    one decK file for each row (no-plugins.json, partner.json, kong-yaml.json, 200-routes.json, 5000-routes.json):
                    load one, put 127.0.0.1:${PEER_UPSTREAM_PORT} for the upstream's port and a Redis of its own for Redis' there,
                    and run with --only for that row. What it does not answer with 200 is left out.

wrk and nginx are used where they are there (apt-get install wrk nginx-light), else autocannon and Node. About 6 minutes.`

export interface Options {
  only: string
  peers: readonly string[]
}

export function readOptions(args: string[]): Options {
  const { values } = readArguments(
    {
      args,
      options: { only: { type: 'string', default: '' }, peer: { type: 'string', multiple: true, default: [] } },
    },
    COMMAND,
  )
  const wrong = values.peer.find((peer) => !/^[^\s/:]+:\d{1,5}$/.test(peer))
  if (wrong !== undefined) throw misused(`--peer '${wrong}' is no HOST:PORT`, COMMAND)
  return { only: values.only, peers: values.peer }
}
