import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../dev/place.ts'
import { type Daemon, startDaemon } from '../../dev/stack/daemon.ts'
import type { Programs } from './programs.ts'

export interface Upstream extends Daemon {
  url: string
}

/** 1 KB of JSON to whatever is asked: nginx with one process, else Node. */
export async function startUpstream({ nginx }: Programs, dir: string, port: number): Promise<Upstream> {
  const url = `http://127.0.0.1:${port}`
  const daemon = await startDaemon({
    name: 'upstream',
    command: nginx ?? process.execPath,
    args: nginx ? nginxArguments(dir, port) : [join(root, 'bench/peers/upstream.ts'), String(port)],
    dir,
    stopSignal: nginx ? 'SIGQUIT' : 'SIGTERM',
    answers: async () => (await fetch(url)).ok,
  })
  return { ...daemon, url }
}

function nginxArguments(dir: string, port: number): string[] {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, configuration(dir, port))
  return ['-c', file, '-e', join(dir, 'nginx-error.log'), '-p', dir]
}

const BODY = JSON.stringify({ padding: 'x'.repeat(1024 - 14) })

const configuration = (dir: string, port: number) => `
daemon off;
master_process off;
worker_processes 1;
pid ${dir}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${dir}/nginx-body;
  proxy_temp_path ${dir}/nginx-proxy;
  fastcgi_temp_path ${dir}/nginx-fastcgi;
  uwsgi_temp_path ${dir}/nginx-uwsgi;
  scgi_temp_path ${dir}/nginx-scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    default_type application/json;
    location / { return 200 '${BODY}'; }
  }
}
`
