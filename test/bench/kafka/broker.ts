import { startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';

/** Measures on the brokers of PARLEY_BROKERS, or on a local one that is ended afterwards. */
export async function withBroker<Result>(measure: (brokers: readonly string[]) => Promise<Result>): Promise<Result> {
  const given = process.env.PARLEY_BROKERS?.split(',');
  if (given !== undefined) return measure(given);
  const local = await startLocalKafka();
  try {
    return await measure(local.brokers);
  } finally {
    await local.stop();
  }
}
