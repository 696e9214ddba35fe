import { rounded } from './statistics.js';

export type Report = Readonly<Record<string, unknown>>;

/** Puts what the parts have found where it belongs: latency to what is durable, the ratio to the peer. */
export function assemble(results: Readonly<Record<string, object>>): Report {
  const {
    machine,
    generator,
    engine,
    shard,
    shard1,
    shards,
    durable,
    latency,
    replay,
    history,
    store,
    memory,
    scaling,
    http,
    ws,
    bookStream,
    client,
    page,
    peer,
    kafka,
    takeOver,
  } = results;
  const { flow, ...cost } = (generator ?? {}) as { flow?: object }; // as the generator’s part gives it
  const isDurable = durable !== undefined || latency !== undefined;
  const all = {
    ...{ machine, flow, generator: generator === undefined ? undefined : cost, engine, shard, shard1 },
    durable: isDurable ? { ...durable, ...(latency === undefined ? {} : { latencyMs: latency }) } : undefined,
    ...{
      shards,
      replay,
      history,
      store,
      memory,
      scaling,
      http,
      ws,
      bookStream,
      client,
      page,
      kafka,
      takeOver,
      peer: peer === undefined ? undefined : { ...peer, ...ratioOf(durable, peer) },
    },
  };
  return Object.fromEntries(Object.entries(all).filter(([, found]) => found !== undefined));
}

function ratioOf(durable: object | undefined, peer: object): object {
  const own = figure({ durable }, 'durable.intentionsPerSecond');
  const theirs = figure({ peer }, 'peer.nodejsOrderBook.ordersPerSecond');
  return own === undefined || theirs === undefined ? {} : { ratio: rounded(own / theirs, 3) };
}

/** The number at a path of names with dots between them. */
function figure(report: Report, path: string): number | undefined {
  let value: unknown = report;
  for (const name of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[name]; // objects down to the figure
  return typeof value === 'number' ? value : undefined;
}

function rate(value: number): string {
  if (value >= 1e6) return `${rounded(value / 1e6, 3)} million/s`;
  return value >= 10_000 ? `${Math.round(value / 1_000)},000/s` : `${Math.round(value)}/s`;
}

const seconds = (value: number): string => `${rounded(value, 3)} s`;
const ms = (value: number): string => `${rounded(value, 3)} ms`;
const bytes = (value: number): string => `${Math.round(value)} bytes`;
const kilobytes = (value: number): string => `${rounded(value, 3)} kB`;
const times = (value: number): string => `${rounded(value, 3)} ×`;
const percent = (value: number): string => `${Math.round(100 * value)} %`;

const rows: readonly (readonly [what: string, path: string, show: (value: number) => string])[] = [
  ['Engine alone: handshake and encoding, no log', 'engine.intentionsPerSecond', rate],
  ['Whole shard on a log that keeps nothing', 'shard.intentionsPerSecond', rate],
  ['… on shard 1: its cost to that on shard 0', 'shard1.ratio', times],
  ['Durable intentions, every event synced', 'durable.intentionsPerSecond', rate],
  ['… deals', 'durable.dealsPerSecond', rate],
  ['… events', 'durable.eventsPerSecond', rate],
  ['… bytes of log an intention', 'durable.bytesPerIntention', bytes],
  ['… in its first second', 'durable.intentionsPerSecondFirstSecond', rate],
  ['… in its last second', 'durable.intentionsPerSecondLastSecond', rate],
  ['… share of what raw appends of the same frames reach', 'durable.limitRatio', percent],
  ['… of two shards of a process, to one: a thread each, which also posts', 'shards.ratioTwoToOne', times],
  ['… two threads that only count, to one', 'shards.countingRatio', times],
  ['… of two shards behind one thread that posts, to one in that thread', 'shards.front.ratioTwoToOne', times],
  ...(['overlapped', 'inline'] as const).flatMap((sync) =>
    ([20_000, 100_000] as const).flatMap((load) =>
      (
        [
          ['p50', 'p50'],
          ['p99', 'p99'],
          ['p99.9', 'p999'],
        ] as const
      ).map(
        ([name, field]) =>
          [
            `To the durable answer at ${load.toLocaleString('en-US')}/s, ${sync} sync, ${name}`,
            `durable.latencyMs.${sync}.at${load}.${field}`,
            ms,
          ] as const,
      ),
    ),
  ),
  ['Replay: events', 'replay.eventsPerSecond', rate],
  ['Replay: intentions', 'replay.intentionsPerSecond', rate],
  ['A look at a random moment of the past, p50', 'history.lookMs.p50', ms],
  ['… p99', 'history.lookMs.p99', ms],
  ['… a step of one event from there', 'history.stepMs.p50', ms],
  ['Query store alone: events', 'store.eventsPerSecond', rate],
  ['… its files to the log, when it has caught up', 'store.sizeRatio', times],
  ['… the longest that it was behind 100,000 intentions a second', 'store.lagSecondsAt100k', seconds],
  ['HTTP: single posts, each answered durable', 'http.postsPerSecond', rate],
  ['HTTP: intentions in streams of lines', 'http.ndjsonIntentionsPerSecond', rate],
  ['WebSocket: single commands, each answered durable', 'ws.commandsPerSecond', rate],
  ['… to the durable answer at 10,000/s, p50', 'ws.latencyMs.at10000.p50', ms],
  ['… p99', 'ws.latencyMs.at10000.p99', ms],
  ['Diffs of one book to 1,000 readers, ten a second at most', 'bookStream.diffsPerSecond', rate],
  ['… p99 to the durable answer beside them, to that alone', 'bookStream.postP99Ratio', times],
  ['The client, minified and compressed', 'client.kilobytes', kilobytes],
  ['The page’s first view, nothing cached, a quarter of the processor', 'page.firstViewMs', ms],
  ['… frames with 2,000 book changes a second', 'page.framesPerSecond', rate],
  ['… frames of the log with 10,000 events a second', 'page.log.framesPerSecond', rate],
  ['… kept of a million changes', 'page.heapBytesPerMillionChanges', bytes],
  ['… from the slider to the book of that moment, p95', 'page.dragMsP95', ms],
  ['Memory of a resting intention', 'memory.bytesPerRestingIntention', bytes],
  ['Engine’s cost with 100,000 resting, to that with 10,000', 'scaling.ratioToTenThousand.1', times],
  ['Engine’s cost with 1,000,000 resting, to that with 10,000', 'scaling.ratioToTenThousand.2', times],
  ['Shard’s cost with 10,000 instruments, to that with one', 'scaling.instruments', times],
  ['Shard’s cost with 1,000,000 participants, to that with 100', 'scaling.participants', times],
  ['nodejs-order-book 10, in memory, the same flow', 'peer.nodejsOrderBook.ordersPerSecond', rate],
  ['Parley durable to nodejs-order-book in memory', 'peer.ratio', times],
  ['On one Kafka broker: durable intentions', 'kafka.intentionsPerSecond', rate],
  ['… events', 'kafka.eventsPerSecond', rate],
  ['… kafkajs alone, the same records', 'kafka.bareProducer.intentionsPerSecond', rate],
  ['… Parley to kafkajs alone', 'kafka.ratioToBareProducer', times],
  ['… events replayed from it', 'kafka.replayEventsPerSecond', rate],
  ['… take-over of a shard of ten million events', 'takeOver.secondsFor10M', seconds],
  ['… durable intentions, events as JSON', 'kafka.json.intentionsPerSecond', rate],
  ['… events replayed from it, as JSON', 'kafka.json.replayEventsPerSecond', rate],
];

function measured(report: Report): (readonly [string, string])[] {
  return rows.flatMap(([what, path, show]) => {
    const value = figure(report, path);
    return value === undefined ? [] : [[what, show(value)] as const];
  });
}

function machineLine(report: Report): string {
  const { node, platform, cpu, cpus, memoryGigabytes, fdatasync4KiBMs } = report.machine as Record<string, unknown>; // always run
  const { p50 } = fdatasync4KiBMs as Record<string, number>; // as the machine’s part gives it
  return `Node ${String(node)} on ${String(platform)}, ${String(cpus)} × ${String(cpu)}, ${String(memoryGigabytes)} GB; 4 KiB append and fdatasync ${p50} ms`;
}

export function textTable(report: Report): string {
  const lines = measured(report);
  const width = Math.max(0, ...lines.map(([what]) => what.length));
  return `${machineLine(report)}\n\n${lines.map(([what, value]) => `${what.padEnd(width)}  ${value}\n`).join('')}`;
}

export function markdownTable(report: Report): string {
  const lines = measured(report).map(([what, value]) => `| ${what} | ${value} |\n`);
  return `| measured | |\n| --- | ---: |\n${lines.join('')}\n${machineLine(report)}\n`;
}
