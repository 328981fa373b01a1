import { createServer } from 'node:http'
import { argv } from 'node:process'

// The upstream behind the gateway: 1 KB of JSON to whatever is asked.
//   node upstream.ts PORT
const body = Buffer.from(JSON.stringify({ padding: 'x'.repeat(1024 - 14) }))
const head = { 'content-type': 'application/json', 'content-length': body.length }
createServer((req, res) => {
  req.resume()
  res.writeHead(200, head).end(body)
}).listen(Number(argv[2]), '127.0.0.1')
