import type { Command, Option } from 'commander';
import type { KafkaConnection, SaslCredentials } from '../../../../infra/kafka/connection.js';
import { usage } from '../../../app/exit.js';
import { applyConfigFile, FROM_FILE } from './config-file.js';
import type { LogKind, LogSettings, TopicFormat } from '../../../app/logs/settings.js';

/** The values of the options of `addLogOptions`, once a file has been applied. */
interface GivenOptions {
  readonly log: LogKind;
  readonly data?: string;
  readonly store?: string;
  readonly topic: string;
  readonly shard: number;
  readonly shards?: number;
  readonly topicFormat?: TopicFormat;
  readonly brokers?: readonly string[];
  readonly connection?: string;
  readonly tls?: true;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly saslMechanism?: SaslCredentials['mechanism'];
  readonly saslUsername?: string;
  readonly patience?: number;
  readonly config?: string;
}

export interface SettingsUse {
  /** The verb keeps things of its own in `--data`, whatever keeps the log. Otherwise that is the embedded log's folder and nothing else. */
  readonly keepsData?: true;
  /** The verb reads logs and makes none. */
  readonly reads?: true;
}

const KAFKA = [
  ...['brokers', 'topicFormat', 'tls', 'tlsCa', 'tlsCert', 'tlsKey', 'saslMechanism', 'saslUsername'],
] as const;
/** Which logs an option speaks of; those that are not here speak of all. */
const kindsOf: Readonly<Partial<Record<keyof GivenOptions, readonly LogKind[]>>> = {
  ...Object.fromEntries(KAFKA.map((name) => [name, ['kafka']])),
  connection: ['eventstoredb'],
  topic: ['kafka', 'eventstoredb'],
  shards: ['kafka', 'eventstoredb'],
  patience: ['kafka', 'eventstoredb'],
  data: ['embedded'],
};

/**
 * Which log the command line, the environment and a file mean; the earlier of them goes first. Fails (usage) for what contradicts itself
 * and for what is missing. Passwords come from PARLEY_SASL_PASSWORD, the file, or the connection, and no message shows them.
 */
export function settingsOf(command: Command, env: NodeJS.ProcessEnv, use: SettingsUse = {}): LogSettings {
  readSwitches(command, env);
  const { config } = command.opts<GivenOptions>();
  const filePassword = config === undefined ? undefined : applyConfigFile(command, config);
  const given = command.opts<GivenOptions>();
  mustAgree(command, given, use);
  const { log: kind, data = '', store, topic, topicFormat: format, shard, shards } = given;
  if (shards !== undefined && shard >= shards) throw usage(`there is no shard ${shard} among ${shards}`);
  switch (kind) {
    case 'embedded':
      return {
        ...{ kind, data, store, shard },
        shards: use.reads === true || isPassedOver(command, 'shards') ? undefined : shards,
      };
    case 'kafka': {
      const connection = kafkaAddress(given, env.PARLEY_SASL_PASSWORD ?? filePassword);
      return { kind, data, store, shard, topic, shards, format, connection };
    }
    case 'eventstoredb': {
      const connection = eventStoreAddress(given);
      return { kind, data, store, shard, topic, shards, connection, patienceMs: patienceMs(given) };
    }
  }
}

/** Later ones give way to earlier ones. */
const ranks: Readonly<Record<string, number>> = { default: 0, [FROM_FILE]: 1, env: 2, cli: 3 };

/**
 * What speaks of another log than the one that is chosen is refused: it would be ignored otherwise, and some other log worked on. But
 * who chooses one on the command line need not undo what the environment says about another.
 */
function mustAgree(command: Command, given: GivenOptions, { keepsData, reads }: SettingsUse): void {
  const { log } = given;
  for (const [name, kinds] of Object.entries(kindsOf)) {
    const source = command.getOptionValueSource(name) ?? 'default';
    const isGiven = source !== 'default' && command.getOptionValue(name) !== undefined;
    if (!isGiven || kinds.includes(log) || isPassedOver(command, name as keyof GivenOptions)) continue; // a key of kindsOf
    // A folder that the environment or a file names may be meant for another verb.
    if (name === 'data' && (keepsData === true || source !== 'cli')) continue;
    // So may patience, and for a verb that makes no shards how many there are to be; one that makes them does on every log.
    if (name === 'shards' && reads !== true) continue;
    if ((name === 'patience' || name === 'shards') && source !== 'cli') continue;
    const { envVar, long } = optionNamed(command, name) ?? {};
    const what = source === 'env' ? envVar : source === 'cli' ? long : `"${name}" in ${given.config ?? 'the file'}`;
    throw usage(`${what ?? name} goes with --log ${kinds.join(' or ')}, but the log is ${log}`);
  }
}

/** Whether an option is said with less weight than which log it is. */
function isPassedOver(command: Command, name: keyof GivenOptions): boolean {
  const [source, chosenBy] = [name, 'log'].map((each) => command.getOptionValueSource(each));
  return rankOf(source) < rankOf(chosenBy);
}

function rankOf(source = 'default'): number {
  return ranks[source] ?? 0;
}

function optionNamed(command: Command, name: string): Option | undefined {
  return command.options.find((option) => option.attributeName() === name);
}

const SWITCHED_ON: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);
const SWITCHED_OFF: ReadonlySet<string> = new Set(['', '0', 'false', 'no', 'off']);

/** A variable that is there would switch an option on, whatever it says. */
function readSwitches(command: Command, env: NodeJS.ProcessEnv): void {
  for (const option of command.options) {
    const { envVar } = option;
    const name = option.attributeName();
    if (envVar === undefined || !option.isBoolean() || command.getOptionValueSource(name) !== 'env') continue;
    const says = env[envVar] ?? '';
    if (SWITCHED_ON.has(says)) continue;
    if (!SWITCHED_OFF.has(says)) throw usage(`${envVar} is true or false`);
    command.setOptionValueWithSource(name, undefined, 'env');
  }
}

function kafkaAddress(given: GivenOptions, password: string | undefined): KafkaConnection {
  const { brokers, tls, tlsCa: ca, tlsCert: cert, tlsKey: key } = given;
  if (brokers === undefined) throw usage('--log kafka needs --brokers (or PARLEY_BROKERS)');
  if ((cert === undefined) !== (key === undefined)) throw usage('--tls-cert and --tls-key go together');
  const files = Object.entries({ ca, cert, key }).filter(([, file]) => file !== undefined);
  const security = { tls: files.length > 0 ? Object.fromEntries(files) : tls, sasl: credentials(given, password) };
  return { brokers, ...security, patienceMs: patienceMs(given) };
}

function patienceMs({ patience }: GivenOptions): number | undefined {
  return patience === undefined ? undefined : 1_000 * patience;
}

function credentials(given: GivenOptions, password: string | undefined): SaslCredentials | undefined {
  const { saslMechanism: mechanism, saslUsername: username } = given;
  if (mechanism === undefined && username === undefined) return undefined;
  if (mechanism === undefined || username === undefined) {
    throw usage('--sasl-mechanism and --sasl-username go together');
  }
  if (password !== undefined && password !== '') return { mechanism, username, password };
  throw usage('the password of --sasl-username must be in PARLEY_SASL_PASSWORD, or in the file of --config');
}

function eventStoreAddress({ connection }: GivenOptions): string {
  if (connection === undefined) throw usage('--log eventstoredb needs --connection (or PARLEY_CONNECTION)');
  if (/^(esdb|kurrentdb|kdb)(\+discover)?:\/\/[^/?#\s]+/.test(connection)) return connection;
  throw usage('--connection must be esdb://[user:password@]host:port');
}
