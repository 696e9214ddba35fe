/** `docs/reference/configuration.md`: all that can be set, from the commands and tables that read it. */
import type { Command, Option } from 'commander';
import { madeWith } from '../../../infra/kafka/topics/topic-settings.js';
import { type TopicNames, topicNames, topicSays } from '../../../infra/kafka/topics/topic-names.js';
import { type Role, roles } from '../../../src/api/access.js';
import { optionKeys, PASSWORD } from '../../../src/cli/options/logs/config-file.js';
import { variablesAlone } from '../../../src/cli/options/variables.js';
import { MAX_SHARD } from '../../../src/cli/options/logs/log-options.js';
import { IDS_PER_SHARD } from '../../../src/domain/ids.js';
import { MAX_DECIMALS } from '../../../src/domain/instrument.js';
import { MAX_LOTS, MAX_NAME_BYTES, MAX_TICKS } from '../../../src/domain/terms.js';
import { MAX_DEPTH } from '../../../src/exchange/views.js';
import { type Access, accessSays, takes } from '../../../src/server/doors/access.js';
import { MAX_ROWS } from '../../../projections/store/queries/query-terms.js';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES } from '../../../src/server/app.js';
import { MAX_LINE_BYTES } from '../../../src/server/posts/post-stream.js';
import { keyFields } from '../../../src/server/keys/key-file.js';
import {
  defaultOf,
  isOfLog,
  meaningOf,
  nameOf,
  optionsOf,
  program,
  standardLogOptions,
  takesAnyLog,
  verbsOf,
} from '../command-tree.js';
import { code, codes, fence, paragraphs, prose, table } from '../markdown.js';

const intro = `All that can be set, in one place. An option on the command line goes before its environment variable, that before a key of the
file of \`--config\`, and that before the default. What each verb does with its options stands in [the command line](command-line.md).`;

const configFile = `\`--config FILE\` (or \`PARLEY_CONFIG\`) names a JSON object with keys of the options that say [which log](#which-log). One file serves all verbs: what a verb has no
option for is passed over, what no verb knows is refused. Paths in it are seen from where the file lies; lists are arrays, or text with
commas.`;

const keyFile = `\`parley serve --keys FILE\` reads \`{"keys": [...]}\`, and reads it again when it changes. \`parley keys add|list|revoke\` edit it. Each entry has:`;

const topics = `An exchange on Kafka has six topics under one prefix (\`--topic\`). Parley makes those that are missing with these settings, with as many
copies as there are brokers, three at most; with three copies also with \`min.insync.replicas=2\`. It checks them at each start and hourly,
and says which command sets them right. [infra/kafka](../../infra/kafka/README.md) says how they are used.`;

export async function configurationPage(): Promise<string> {
  const whole = await program();
  return paragraphs(
    '# Configuration',
    intro,
    ...optionTables(verbsOf(whole)),
    '## Environment variables without an option',
    table(
      ['variable', 'means'],
      Object.entries(variablesAlone).map(([name, says]) => [code(name), prose(says)]),
    ),
    '## The file of options',
    configFile,
    fence('json', JSON.stringify(configExample, null, 2)),
    '## The file of keys',
    keyFile,
    table(
      ['field', 'means'],
      Object.entries(keyFields).map(([name, says]) => [code(name), prose(says)]),
    ),
    fence('json', JSON.stringify(keysExample, null, 2)),
    'What each role may do; without a file of keys everybody is an operator:',
    roleTable(),
    '## What is bounded',
    'Bounds that no option changes. What there is for all callers together (connections, waiting requests, memory of streams, feeds, rows) is set by the options of [the server](#the-server).',
    boundTable(),
    '## Topics on Kafka',
    topics,
    topicTable(),
  );
}

const configExample: Partial<Record<(typeof optionKeys)[number] | typeof PASSWORD, unknown>> = {
  ...{ log: 'kafka', brokers: ['kafka-1:9092', 'kafka-2:9092'], topic: 'market', shards: 4 },
  ...{ tlsCa: 'ca.pem', saslMechanism: 'scram-sha-512', saslUsername: 'parley', saslPassword: '…' },
};

const keysExample = {
  keys: [
    {
      sha256: 'f0e4c2f76c58916ec258f246851bea091d14d4247a2fc3e18694461b1816e13b',
      role: 'participant',
      participant: 'alice',
    },
    {
      sha256: '0b6f9c1d2f3c1f0c4d5f1a3a2f1d2c4b5a69788796a5b4c3d2e1f0a1b2c3d4e5',
      role: 'auditor',
      name: 'night-audit',
    },
  ],
};

/** The options in three parts: those that say which log, those of `serve` alone, and all others. */
function optionTables(all: readonly Command[]): string[] {
  const uses = usesOf(all);
  const ofServe = ({ option, verbs }: Use): boolean =>
    !isOfLog(option) && verbs.every((verb) => verb.name() === 'serve');
  const others = uses.filter((use) => !isOfLog(use.option) && !ofServe(use));
  return [
    '## Which log',
    `Of every verb that works on a log, unless the last column names some: ${all.filter(takesAnyLog).map(shortName).join(', ')}.`,
    optionTable(
      uses.filter(({ option }) => isOfLog(option)),
      all.filter(takesAnyLog),
    ),
    `The password of \`--sasl-username\` is \`PARLEY_SASL_PASSWORD\` in the environment, or ${code(PASSWORD)} in the file.`,
    '## The server',
    'Of `parley serve` alone.',
    optionTable(
      uses.filter(ofServe),
      all.filter((verb) => verb.name() === 'serve'),
    ),
    '## Other verbs',
    optionTable(others, []),
  ];
}

interface Use {
  readonly option: Option;
  readonly verbs: Command[];
}

/** Options that are the same for several verbs stand once, with all of them. */
function usesOf(all: readonly Command[]): Use[] {
  const uses = new Map<string, Use>();
  for (const verb of all) {
    for (const option of optionsOf(verb)) {
      const same = [option.flags, meaningOf(option), defaultOf(option), option.envVar].join(' ');
      const use = uses.get(same) ?? { option, verbs: [] };
      use.verbs.push(verb);
      uses.set(same, use);
    }
  }
  return [...uses.values()].sort((one, other) => rankOf(one) - rankOf(other));
}

/** Those that say which log come in the order of the help, whichever verb has the first of them. */
function rankOf({ option }: Use): number {
  return isOfLog(option) ? [...standardLogOptions.keys()].indexOf(option.name()) : 0;
}

/** `usual`: the verbs that are not named. */
function optionTable(uses: readonly Use[], usual: readonly Command[]): string {
  const rows = uses.map(({ option, verbs }) => [
    code(option.flags),
    meaningOf(option),
    defaultOf(option),
    option.envVar === undefined ? '' : code(option.envVar),
    keyOf(option),
    verbs.length > usual.length / 2 && usual.length > 0 ? '' : verbs.map(shortName).join(', '),
  ]);
  return table(['option', 'means', 'default', 'environment', 'key in the file', 'verbs'], rows);
}

function shortName(verb: Command): string {
  return nameOf(verb).replace('parley ', '');
}

function keyOf(option: Option): string {
  const key = option.attributeName();
  return isOfLog(option) && optionKeys.some((each) => each === key) ? code(key) : '';
}

function roleTable(): string {
  const accesses = Object.keys(takes).filter((access) => access !== 'open') as Access[]; // its own names
  const rows = accesses.map((access) => {
    const passing: readonly Role[] = takes[access];
    return [prose(accessSays[access]), ...roles.map((role) => (passing.includes(role) ? 'yes' : ''))];
  });
  return table(['may', ...roles], rows);
}

/** Numbers as people write them. */
function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function boundTable(): string {
  const rows = [
    ['price', `1 to ${grouped(MAX_TICKS)} ticks, ${MAX_DECIMALS} decimals at most`],
    ['quantity', `1 to ${grouped(MAX_LOTS)} lots, ${MAX_DECIMALS} decimals at most`],
    ['symbol, participant', `1 to ${MAX_NAME_BYTES} characters`],
    ['client’s id', '1 to 64 characters'],
    ['intentions of a shard', `${grouped(IDS_PER_SHARD - 1)}, permanently`],
    ['shards', `${grouped(MAX_SHARD + 1)}, by the room that ids have`],
    ['body of a request', `${grouped(MAX_BODY_BYTES)} bytes`],
    ['head of a request', `${grouped(MAX_HEAD_BYTES)} bytes`],
    ['line of a stream of posts', `${grouped(MAX_LINE_BYTES)} bytes`],
    ['rows of a list', `${grouped(MAX_ROWS)} an answer; ask for the next page with \`after\``],
    ['levels of a book', `${grouped(MAX_DEPTH)} a side`],
  ];
  return table(['what', 'bound'], rows);
}

function topicTable(): string {
  const kinds = Object.entries({ ...topicNames('PREFIX') }) as [keyof TopicNames, string][]; // topicNames makes it, with these alone
  const rows = kinds.map(([kind, name]) => [
    code(name),
    prose(topicSays[kind]),
    kind === 'members' ? 'one' : 'one a shard',
    codes(Object.entries(madeWith(kind, 1)).map(([setting, value]) => `${setting}=${value}`)),
  ]);
  return table(['topic', 'holds', 'partitions', 'made with'], rows);
}
