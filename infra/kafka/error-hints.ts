/** Hints for the operator: why a broker cannot be reached, and what to check. kafkajs and Node name the symptom alone. */

/** How long is waited for what, in milliseconds. */
interface Patience {
  readonly connectMs: number;
  readonly answerMs: number;
}

const UNTRUSTED = 'its certificate is by an authority that is not trusted: give that one’s with --tls-ca';

/** By the code that Node gives a failed connection. */
const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there: does Kafka run, and at this address?',
  ENOTFOUND: 'there is no host of that name: is it spelled right, and known here?',
  EAI_AGAIN: 'the host’s name cannot be looked up just now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

const CLOSES = 'it ends the connection: is it Kafka, and does it want TLS or a login, or none?';
const CLOSING = /Closed connection|Connection closed by the server|ECONNRESET|EPIPE|socket disconnected|socket hang up/;

/**
 * Whether a broker took a request and never answered. kafkajs goes on with such a connection, and where it has not even said which
 * versions it speaks, calls it "not connected" for as long as it stands.
 */
export function isSilence(error: Error): boolean {
  return error.name === 'KafkaJSRequestTimeoutError' || error.message === 'Broker not connected';
}

/** What is wrong, in words for the operator; undefined where the error's own are as good. */
export function troubleWith(error: Error, { connectMs, answerMs }: Patience): string | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? byCode[error.code] : undefined;
  if (code !== undefined) return `${code} (${error.message})`;
  if (isSilence(error))
    return `no answer within ${seconds(answerMs)}: is it Kafka that listens there, and does it run?`;
  if (error.message === 'Connection timeout')
    return `no connection within ${seconds(connectMs)}: is it up, and reachable?`;
  if (CLOSING.test(error.message)) return `${CLOSES} (${error.message})`;
  return undefined;
}

/** The broker that a connection went to, `host:port`: it need not be one that was named to us, for brokers name each other. */
export function brokerOf(error: Error): string | undefined {
  if ('broker' in error && typeof error.broker === 'string') return error.broker;
  if (!('host' in error && 'port' in error)) return undefined;
  return typeof error.host === 'string' && typeof error.port === 'number' ? `${error.host}:${error.port}` : undefined;
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}
