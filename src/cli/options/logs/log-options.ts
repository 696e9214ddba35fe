import { Command, InvalidArgumentError, Option } from 'commander';
import { dataOption, LOG_GROUP, parseCount, parseWhole, storeOption, textThat } from '../options.js';
import { type LogKind, logKinds, saslMechanisms, topicFormats } from '../../../app/logs/settings.js';

export const DEFAULT_TOPIC = 'parley';
const parseText = textThat((text) => text !== '', 'it must not be empty');

export interface LogOptionsUse {
  /** The verb may make the log: it then says how many shards there are to be. */
  readonly makes?: true;
  /** Its folder, where the verb has more to say of it than others; `none`: the verb does not work on the embedded log. */
  readonly data?: Option | 'none';
}

/** Adds the options that say which log a verb works on. `settingsOf` makes sense of them. */
export function addLogOptions<Given extends Command>(command: Given, { makes, data }: LogOptionsUse = {}): Given {
  const log = new Option('--log <kind>', 'what keeps the log').choices(logKinds).default('embedded' satisfies LogKind);
  const config = new Option('--config <file>', 'a JSON file with these options, by their names in camelCase');
  const count =
    makes === true
      ? 'how many shards to make, where there are none yet'
      : 'EventStoreDB: how many shards there are; those with a stream unless given';
  const options = [
    log.env('PARLEY_LOG'),
    ...(data === 'none' ? [] : [data ?? dataOption(), storeOption()]),
    option('--brokers <list>', 'Kafka: host:port, several with commas', 'PARLEY_BROKERS', parseBrokers),
    // Not checked here: the message would repeat what is wrong, and that may hold a password.
    new Option('--connection <url>', 'EventStoreDB: esdb://[user:password@]host:port').env('PARLEY_CONNECTION'),
    option('--topic <prefix>', 'what the names of topics or streams begin with', 'PARLEY_TOPIC', parseTopic).default(
      DEFAULT_TOPIC,
    ),
    makes === true ? shardOption() : shardOption('which shard alone', 'all of them'),
    option('--shards <count>', count, 'PARLEY_SHARDS', parseCount),
    ...(makes === true ? [formatOption()] : []),
    new Option('--tls', 'Kafka: over TLS').env('PARLEY_TLS'),
    option(
      '--tls-ca <file>',
      'Kafka: authorities to trust over TLS, instead of the system’s',
      'PARLEY_TLS_CA',
      parseText,
    ),
    option('--tls-cert <file>', 'Kafka: own certificate over TLS', 'PARLEY_TLS_CERT', parseText),
    option('--tls-key <file>', 'Kafka: its key', 'PARLEY_TLS_KEY', parseText),
    new Option('--sasl-mechanism <name>', 'Kafka: how to log in').env('PARLEY_SASL_MECHANISM').choices(saslMechanisms),
    option(
      '--sasl-username <name>',
      'Kafka: as whom; the password is in PARLEY_SASL_PASSWORD',
      'PARLEY_SASL_USERNAME',
      parseText,
    ),
    option(
      '--patience <seconds>',
      'Kafka, EventStoreDB: how long to bear with one that is slow (6 and 10)',
      'PARLEY_PATIENCE_S',
      parsePatience,
    ),
    config.env('PARLEY_CONFIG'),
  ];
  for (const each of options) command.addOption(each.helpGroup(LOG_GROUP));
  return command;
}

/** What commander calls the options that say which log it is. */
export const namesOfLogOptions: readonly string[] = addLogOptions(new Command()).options.map((each) =>
  each.attributeName(),
);

/** Which shard; for verbs that work on the embedded log alone, too. */
export function shardOption(says = 'which shard of it', otherwise?: string): Option {
  const shard = option('--shard <number>', says, 'PARLEY_SHARD', parseShard).default(0, otherwise);
  return shard.helpGroup(LOG_GROUP);
}

function formatOption(): Option {
  const says =
    'Kafka: how events are written from now on; as the last one was, and binary in a new topic, unless given';
  return new Option('--topic-format <form>', says).env('PARLEY_TOPIC_FORMAT').choices(topicFormats);
}

function option(flags: string, says: string, variable: string, parse: (text: string) => unknown): Option {
  return new Option(flags, says).env(variable).argParser(parse);
}

const MOST_SECONDS = 86_400;

function parsePatience(text: string): number {
  const says = `it must be a whole number of seconds from 1 to ${MOST_SECONDS}`;
  return parseWhole(text, { least: 1, most: MOST_SECONDS, says });
}

/** As many as the ids of intentions have room for. */
export const MAX_SHARD = 2_097_151;

function parseShard(text: string): number {
  return parseWhole(text, { least: 0, most: MAX_SHARD, says: `a shard is a whole number from 0 to ${MAX_SHARD}` });
}

function parseBrokers(text: string): readonly string[] {
  const brokers = text.split(',').map((broker) => broker.trim());
  if (brokers.every(isBroker)) return brokers;
  throw new InvalidArgumentError('it must be host:port, several with commas');
}

function isBroker(text: string): boolean {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$/.exec(text) ?? [];
  return host !== undefined && Number(port) > 0 && Number(port) <= 65_535;
}

/** Names that Kafka takes, and short enough for what is put behind them. */
function parseTopic(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,200}$/.test(text)) {
    throw new InvalidArgumentError('it must be up to 200 letters, digits, dots, dashes and underscores');
  }
  return text;
}
