import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import '../../lib/bus/kafkajs-timers.ts'
import type { Component } from './component.ts'
import { run, startDaemon } from './daemon.ts'

interface Options {
  dir: string
  port: number
  controllerPort: number
  /** The folder with the broker's jars. */
  libs: string
  programs: { java: string }
}

/** For a broker of one developer: the first compiler alone starts it faster, and little memory is enough. */
const JVM = ['-Xms64m', '-Xmx192m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']
const LOGGER = '-Dorg.slf4j.simpleLogger'
const LOGGING = [
  `${LOGGER}.defaultLogLevel=warn`,
  `${LOGGER}.showDateTime=true`,
  `${LOGGER}.dateTimeFormat=HH:mm:ss.SSS`,
]
const CLUSTER_ID = 'amFkZS1wYWxhY2UtbG9jYQ' // 16 bytes in base64url, as every Kafka cluster id

export const kafkaUrl = (port: number): string => `127.0.0.1:${port}`

/** One node that is broker and controller (KRaft), listening on the loopback interface only. */
export async function startKafka({ dir, port, controllerPort, libs, programs }: Options): Promise<Component> {
  const data = join(dir, 'kafka/data')
  const config = join(dir, 'kafka/server.properties')
  mkdirSync(data, { recursive: true })
  writeFileSync(config, properties({ data, port, controllerPort }))
  const java = [...JVM, ...LOGGING, '-cp', join(libs, '*')]
  if (!existsSync(join(data, 'meta.properties'))) {
    const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${CLUSTER_ID}`, '--config', config]
    await run(programs.java, [...java, ...format])
  }
  const daemon = await startDaemon({
    name: 'kafka',
    dir,
    command: programs.java,
    args: [...java, 'kafka.Kafka', config],
    answers: () => hasBroker(kafkaUrl(port)),
  })
  return { ...daemon, url: kafkaUrl(port) }
}

function properties({ data, port, controllerPort }: { data: string; port: number; controllerPort: number }): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
    'log.flush.interval.ms': 1_000, // no replica holds what a power cut takes
    'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024,
    'auto.create.topics.enable': false,
    // A broker that was killed may register again only after its last session has ended: the default takes 9 s.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 1_000,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

async function hasBroker(address: string): Promise<boolean> {
  const kafka = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 1_000,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.length > 0
  } finally {
    await admin.disconnect()
  }
}
