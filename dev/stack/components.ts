import { downloads } from '../place.ts'
import type { PortName, Ports } from '../ports.ts'
import type { Need } from '../prerequisites.ts'
import type { Component, Programs } from './component.ts'
import { startKafka } from './kafka.ts'
import { kafkaDistribution } from './kafka-distribution.ts'
import { startMail } from './mail.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

interface Context {
  dir: string
  ports: Ports
  programs: Programs
  password: string
}

interface LocalComponent {
  label: string
  /** Set by whoever brings their own: then the local one is neither installed nor started. */
  variable: 'DATABASE_URL' | 'REDIS_URL' | 'KAFKA_BROKERS' | 'SMTP_URL'
  needs: Need[]
  ports: PortName[]
  /** What has to be fetched once, before the first start. */
  fetch?(context: Context): Promise<unknown>
  start(context: Context): Promise<Component>
}

export const COMPONENTS: LocalComponent[] = [
  {
    label: 'Postgres',
    variable: 'DATABASE_URL',
    needs: ['postgres'],
    ports: ['POSTGRES_PORT'],
    start: ({ dir, ports, programs, password }) =>
      startPostgres({ dir, port: ports.POSTGRES_PORT, programs, password }),
  },
  {
    label: 'Redis',
    variable: 'REDIS_URL',
    needs: ['redis'],
    ports: ['REDIS_PORT'],
    start: ({ dir, ports, programs }) => startRedis({ dir, port: ports.REDIS_PORT, programs }),
  },
  {
    label: 'Kafka',
    variable: 'KAFKA_BROKERS',
    needs: ['java', 'maven'],
    ports: ['KAFKA_PORT', 'KAFKA_CONTROLLER_PORT'],
    fetch: ({ programs }) => kafkaDistribution(downloads, programs),
    start: async ({ dir, ports, programs }) => {
      const libs = await kafkaDistribution(downloads, programs)
      return startKafka({ dir, port: ports.KAFKA_PORT, controllerPort: ports.KAFKA_CONTROLLER_PORT, programs, libs })
    },
  },
  {
    label: 'mail',
    variable: 'SMTP_URL',
    needs: [],
    ports: ['SMTP_PORT', 'MAIL_WEB_PORT'],
    start: ({ dir, ports }) => startMail({ dir, port: ports.SMTP_PORT, webPort: ports.MAIL_WEB_PORT }),
  },
]
