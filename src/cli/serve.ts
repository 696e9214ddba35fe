import { Command, InvalidArgumentError, Option } from 'commander';
import { addLogOptions } from './log-place/log-options.js';
import { withPlace } from './log-place/place.js';
import { settingsOf } from './log-place/read-settings.js';
import { dataOption, type DataOptions, examples, parseCount, parsePort, parsePosition } from './options.js';
import type { AnchorTarget } from './serve/anchoring.js';
import { ExitCode, Failure } from './terminal/exit.js';
import type { Terminal } from './terminal/terminal.js';

interface ServeOptions extends DataOptions {
  readonly port: number;
  readonly host?: string;
  readonly keys?: string;
  readonly demo?: true;
  readonly takeOver?: true;
  readonly logLevel: string;
  readonly snapshotEvery?: number;
  readonly advertise?: string;
  readonly clusterKey?: string;
  readonly anchor?: string;
  readonly anchorEvery: number;
}

const SNAPSHOT_EVERY_EVENTS = 5_000_000;
/** Kafka's events are JSON, and slower to replay; and somebody may be waiting for a shard that is taken over. */
const SNAPSHOT_EVERY_EVENTS_ON_KAFKA = 250_000;

export function serveVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('serve'), { makes: true })
    .summary('runs the exchange')
    .description(
      'Runs the exchange on its log, with its HTTP interface. What a crash left in doubt is settled before it takes commands. SIGTERM ' +
        'and SIGINT end it after the requests under way; SIGHUP reads the keys again. It logs to stderr, as JSON. On Kafka, processes ' +
        'that are given the same topic share its shards: any of them takes any command, and what one leaves behind another takes over.',
    )
    .option('--port <port>', 'port to listen on; 0 takes a free one', parsePort, 7070)
    .option('--host <host>', 'address to listen on; others than this machine’s own need --keys')
    .addOption(dataOption('the folder of the log, or of what is made from it; created where it is missing'))
    .option('--keys <file>', 'API keys; without them whoever reaches the port may do anything')
    .option('--demo', 'let made-up traders trade a few instruments')
    .option('--take-over', 'take the log from a process that hangs, by fencing it')
    .option(
      '--snapshot-every <events>',
      `make a snapshot each time the log has grown so much, and by a quarter; 0: none (default: ${SNAPSHOT_EVERY_EVENTS}, on Kafka ${SNAPSHOT_EVERY_EVENTS_ON_KAFKA})`,
      parsePosition,
    )
    .option(
      '--anchor <file|url>',
      'write anchors there (position and digest of each shard), to hold the log against: parley audit --expect',
      parseAnchorPlace,
    )
    .option('--anchor-every <seconds>', 'how often, where there is something new', parseCount, 60)
    .addOption(
      new Option('--log-level <level>', 'what to log')
        .choices(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .addOption(
      new Option(
        '--advertise <url>',
        'Kafka: where the other processes reach this one; where it listens unless given',
      ).env('PARLEY_ADVERTISE'),
    )
    .addOption(
      new Option(
        '--cluster-key <secret>',
        'Kafka: what the processes let each other in by; better in the environment',
      ).env('PARLEY_CLUSTER_KEY'),
    )
    .addHelpText(
      'after',
      examples(
        ['parley serve', 'on port 7070, the log in ./parley-data'],
        ['parley serve --demo --data /tmp/demo', 'with something to look at'],
        ['parley serve --host 0.0.0.0 --keys keys.json', 'for others too'],
        ['parley serve --log kafka --brokers 127.0.0.1:9092 --shards 4', 'one of a cluster'],
      ),
    )
    .action(async (options: ServeOptions, command: Command) => {
      const { port, host, keys, demo = false, takeOver = false, logLevel } = options;
      const settings = settingsOf(command, terminal.env, { keepsData: true });
      if (settings.kind === 'kafka') {
        mustConcernCluster(command, options);
        const { serveOnKafka } = await import('./serve/kafka-serving.js');
        const { advertise, clusterKey } = options;
        const anchor = anchorTarget(options);
        const serving = { port, host, keyFile: keys, demo, logLevel, advertise, clusterKey, anchor };
        const { snapshotEvery = SNAPSHOT_EVERY_EVENTS_ON_KAFKA } = options;
        await serveOnKafka(terminal, settings, { ...serving, snapshotEvery });
        return;
      }
      const { snapshotEvery = SNAPSHOT_EVERY_EVENTS } = options;
      // The server's packages take a while to load; no other verb needs them.
      const { serve } = await import('./serve/serving.js');
      const anchor = anchorTarget(options);
      const serving = { port, host, keyFile: keys, demo, takeOver, logLevel, snapshotEvery, anchor };
      await withPlace(terminal, command, (place) => serve(terminal, place, serving), { keepsData: true });
    });
}

function anchorTarget({ anchor, anchorEvery }: ServeOptions): AnchorTarget | undefined {
  return anchor === undefined ? undefined : { place: anchor, everyMs: 1_000 * anchorEvery };
}

function parseAnchorPlace(text: string): string {
  if (text === '') throw new InvalidArgumentError('it must name a file, or be a URL');
  if (/^https?:/i.test(text) && !(URL.canParse(text) && new URL(text).host !== '')) {
    throw new InvalidArgumentError('it must be a URL such as https://keeper.example/anchors');
  }
  return text;
}

/** Fails (usage) for what only a process with one shard can be told. */
function mustConcernCluster(command: Command, { takeOver }: ServeOptions): void {
  if (command.getOptionValueSource('shard') === 'cli') {
    throw new Failure(
      ExitCode.Usage,
      'on Kafka the processes share the shards among themselves: --shard is for other verbs',
    );
  }
  if (takeOver === true) {
    throw new Failure(ExitCode.Usage, 'on Kafka a shard is taken over by itself: --take-over is for a log in a folder');
  }
}
