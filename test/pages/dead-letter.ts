import { type IHeaders, Kafka, logLevel } from 'kafkajs'
import { deadLetterTopic } from '../../lib/bus/kafka.ts'
import type { Platform } from '../support/platform.ts'

interface Letter {
  value: string
  headers: IHeaders
}

/** Lays it on a topic of its own, as a consumer would have done; gives how to take the topic away. */
export async function layDeadLetter(
  { stack }: Platform,
  topic: string,
  { value, headers }: Letter,
): Promise<() => Promise<void>> {
  const kafka = new Kafka({ brokers: [stack.kafka.url], logLevel: logLevel.NOTHING })
  const [admin, producer] = [kafka.admin(), kafka.producer()]
  const place = deadLetterTopic(topic)
  await Promise.all([admin.connect(), producer.connect()])
  await admin.createTopics({ topics: [{ topic: place }], waitForLeaders: true })
  await producer.send({ topic: place, messages: [{ key: topic, value, headers }] })
  await producer.disconnect()
  return async () => {
    await admin.deleteTopics({ topics: [place] })
    await admin.disconnect()
  }
}
