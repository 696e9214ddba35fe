import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { LogRefusedError, LogUnreachableError } from '../../src/log/port.js';
import { messageOf } from '../../src/log/message-of.js';
import { brokerOf, isSilence, troubleWith } from './error-hints.js';

/** How to reach a Kafka cluster. Plain data, so that a thread can be told of it. */
export interface KafkaConnection {
  /** `host:port`, one or more; the rest of the cluster is found through them. */
  readonly brokers: readonly string[];
  readonly clientId?: string | undefined;
  /** TLS: with the system's authorities, or with files of one's own. */
  readonly tls?: true | TlsFiles | undefined;
  readonly sasl?: SaslCredentials | undefined;
  /** How long a slow broker is waited for: until it answers, and until it shows what it has acknowledged. Each has a default of its own. */
  readonly patienceMs?: number | undefined;
}

/** Paths of PEM files. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface SaslCredentials {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/**
 * After so long without an answer a connection counts as lost, so this bounds how late a silent broker is noticed. It leaves room for
 * what a broker itself waits for at most: 5 s.
 */
const REQUEST_TIMEOUT_MS = 6_000;
const CONNECT_TIMEOUT_MS = 3_000;
const AUTHENTICATION_TIMEOUT_MS = 6_000;

/** Few and quick: the user of a log knows better than a client whether to try again. */
export const RETRY = { initialRetryTime: 50, maxRetryTime: 500, factor: 0.2, multiplier: 2, retries: 3 };

/** The settings that kafkajs takes, for its public interface and for what lies beneath. */
export function kafkaConfig(connection: KafkaConnection): KafkaConfig & { readonly ssl: object | boolean } {
  const { brokers, clientId, tls, sasl, patienceMs } = connection;
  return {
    brokers: [...brokers],
    clientId: clientId ?? `parley-${hostname()}-${process.pid}`,
    ssl: tls === undefined ? false : tls === true ? true : readTls(tls),
    // Each of the mechanisms takes just these two.
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
    connectionTimeout: connectMs(patienceMs),
    authenticationTimeout: patienceMs ?? AUTHENTICATION_TIMEOUT_MS,
    requestTimeout: patienceMs ?? REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    retry: RETRY,
  };
}

/** A connection is made by the other side's system, so less patience with its broker is none with the way there. */
function connectMs(patienceMs = 0): number {
  return Math.max(CONNECT_TIMEOUT_MS, patienceMs);
}

function readTls(files: TlsFiles): object {
  try {
    return Object.fromEntries(Object.entries(files).map(([name, path]) => [name, readFileSync(String(path))]));
  } catch (cause) {
    throw new LogRefusedError(`a file for TLS cannot be read: ${messageOf(cause)}`, { cause });
  }
}

const REFUSALS = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
  'INVALID_TOPIC_EXCEPTION',
  'POLICY_VIOLATION',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_TRANSACTION_TIMEOUT',
]);

/** Codes of errors that are about the log itself: they need no other words. */
const OF_LOG: ReadonlySet<unknown> = new Set(['LOG_DAMAGED', 'LOG_LOST', 'LOG_HELD', 'LOG_LOCKED']);

export function isOfLog(error: unknown): boolean {
  return error instanceof Error && 'code' in error && OF_LOG.has(error.code);
}

/** The error in the log port's words: what cannot be reached, or what was refused. Names the brokers, never a password. */
export function kafkaError(error: unknown, { brokers, patienceMs }: KafkaConnection): Error {
  if (error instanceof LogRefusedError || error instanceof LogUnreachableError) return error;
  const chain = causes(error);
  const broker = chain.map(brokerOf).find((each) => each !== undefined && !brokers.includes(each));
  const place = `Kafka at ${brokers.join(',')}${broker === undefined ? '' : `, which names the broker ${broker}`}`;
  const patience = { connectMs: connectMs(patienceMs), answerMs: patienceMs ?? REQUEST_TIMEOUT_MS };
  const trouble = chain.map((each) => troubleWith(each, patience)).find((each) => each !== undefined);
  const says = trouble ?? messageOf(error);
  const isRefused = chain.some((each) => REFUSALS.has(typeOf(each) ?? '') || each.name.startsWith('KafkaJSSASL'));
  if (isRefused) return new LogRefusedError(`${place} refuses: ${says}`, { cause: error });
  return new LogUnreachableError(`${place}: ${says}`, { cause: error });
}

/** The broker's name for an error, such as `INVALID_PRODUCER_EPOCH`. */
export function typeOf(error: unknown): string | undefined {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined;
}

/** Whether a broker did not answer in time: its connection is of no more use. */
export function isUnanswered(error: unknown): boolean {
  return causes(error).some(isSilence);
}

/** The error, what caused it, and so on: kafkajs wraps what it gave up at. */
export function causes(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
