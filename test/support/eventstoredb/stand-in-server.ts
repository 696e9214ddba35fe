/**
 * A stand-in for an EventStoreDB server, where none can be had: it answers the real client over a real socket, in the real protocol, and
 * keeps its streams in memory. What it does is what the server's documentation and the client's source say that the server does; that
 * the server does it is proven by the same tests against a real one, where the environment names it.
 *
 * 1. Its streams outlive `stop` and `start`, its connections and subscriptions do not.
 * 2. It stores an append once the client has said that it is whole, and never one whose call was cancelled before that.
 * 3. It says that it has `batchAppend`, as every server does by now, and fails each use of it: the adapter is to keep clear of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featureServices from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { AppendReq, AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamMessages from '@eventstore/db-client/generated/streams_pb.js';
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Faults, tooLarge, unavailable } from './faults.js';
import {
  answerTo,
  confirmation,
  expectedOf,
  keptRecordOf,
  notFoundAnswer,
  readAnswer,
  streamNameOf,
} from './messages.js';
import { projectionService, type ProjectionSources } from './projections.js';
import { type KeptRecord, StoredStreams } from './stored-streams.js';

const MAX_APPEND_BYTES = 1024 * 1024;
const NO_TIME_MS = 0;

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

export class StandInServer {
  readonly streams = new StoredStreams();
  readonly faults = new Faults();
  readonly projections: ProjectionSources = new Map();
  /** How many appends were asked for, also in vain. */
  appends = 0;
  private server: Server | undefined;
  private port = 0;
  private readonly subscriptions = new Set<ReadCall>();

  static async start(): Promise<StandInServer> {
    const server = new StandInServer();
    await server.start();
    return server;
  }

  /** As the client takes it; `options` as in `defaultDeadline=500`. */
  connection(options = ''): string {
    return `esdb://127.0.0.1:${this.port}?tls=false${options === '' ? '' : `&${options}`}`;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get subscriberCount(): number {
    return this.subscriptions.size;
  }

  /** At the same port as before, once it had one. */
  async start(): Promise<void> {
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(streamServices.StreamsService, {
      append: (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>) =>
        this.append(call, answer),
      read: (call: ReadCall) => this.read(call),
      batchAppend: (call: { emit(event: string, error: object): void }) =>
        call.emit('error', { code: status.UNIMPLEMENTED, details: 'batchAppend is not to be used' }),
      delete: unimplemented,
      tombstone: unimplemented,
    });
    server.addService(featureServices.ServerFeaturesService, {
      getSupportedMethods: (_call: unknown, answer: sendUnaryData<SupportedMethods>) => answer(null, features()),
    });
    const { service, handlers } = projectionService(this.projections);
    server.addService(service, handlers);
    this.port = await bound(server, this.port);
    this.server = server;
  }

  /** As a crash has it: every connection ends at once. */
  async stop(): Promise<void> {
    this.server?.forceShutdown();
    this.server = undefined;
    this.subscriptions.clear();
  }

  async restart(awayMs = NO_TIME_MS): Promise<void> {
    await this.stop();
    await sleep(awayMs);
    await this.start();
  }

  /** As the server does to those that are too slow. Returns how many there were. */
  dropSubscriptions(): number {
    const dropped = [...this.subscriptions];
    for (const call of dropped) call.emit('error', { ...unavailable(), code: status.ABORTED, details: 'dropped' });
    return dropped.length;
  }

  private append(call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>): void {
    const records: KeptRecord[] = [];
    let options: AppendReq.Options | undefined;
    let bytes = 0;
    call.on('data', (message: AppendReq) => {
      options ??= message.getOptions();
      const proposed = message.getProposedMessage();
      if (proposed === undefined) return;
      const record = keptRecordOf(proposed);
      bytes += record.data.length + record.metadata.length + 2 * record.type.length;
      records.push(record);
    });
    call.on('end', () => {
      if (call.cancelled || options === undefined) return;
      this.appends++;
      if (this.faults.refusal !== undefined) return answer(this.faults.refused());
      if (bytes > MAX_APPEND_BYTES) return answer(tooLarge(MAX_APPEND_BYTES));
      this.decide(options, records, answer);
    });
  }

  private decide(options: AppendReq.Options, records: KeptRecord[], answer: sendUnaryData<AppendResp>): void {
    const fault = this.faults.nextAppend();
    const expected = expectedOf(options);
    const store = (): AppendResp =>
      answerTo(this.streams.append(streamNameOf(options.getStreamIdentifier()), expected, records), expected);
    if (fault === undefined) return answer(null, store());
    if (fault.stored) store();
    if (fault.answer === 'unavailable') answer(unavailable());
    if (fault.answer === 'cut') void this.restart();
  }

  private read(call: ReadCall): void {
    const options = call.request.getOptions();
    const name = streamNameOf(options?.getStream()?.getStreamIdentifier());
    const failure = this.faults.nextRead();
    if (failure !== undefined) {
      call.emit('error', failure);
      return;
    }
    if (this.faults.isSilent || options === undefined) return;
    const reading = options.hasSubscription() ? this.subscribe(call, name) : this.readPage(call, name);
    reading.catch(() => call.end()); // the connection is gone
  }

  private async readPage(call: ReadCall, name: string): Promise<void> {
    const options = call.request.getOptions();
    const records = this.streams.records(name);
    if (options === undefined || records === undefined) {
      call.write(notFoundAnswer(name));
      call.end();
      return;
    }
    const isForwards = options.getReadDirection() === streamMessages.ReadReq.Options.ReadDirection.FORWARDS;
    const place = options.getStream();
    const start = place?.hasEnd() === true ? records.length - 1 : Number(place?.getRevision() ?? 0);
    const step = isForwards ? 1 : -1;
    const end = records.length; // what is appended from now on is not part of the answer
    let left = Number(options.getCount());
    for (let revision = start; revision >= 0 && revision < end && left > 0; revision += step, left--) {
      const record = records[revision];
      if (record !== undefined) await sent(call, readAnswer(name, revision, record));
    }
    call.end();
  }

  private async subscribe(call: ReadCall, name: string): Promise<void> {
    const place = call.request.getOptions()?.getStream();
    let next = place?.hasStart() === true ? 0 : Number(place?.getRevision() ?? 0) + 1;
    let isOver = false;
    let wake: () => void = () => undefined;
    const end = (): void => {
      isOver = true;
      this.subscriptions.delete(call);
      wake();
    };
    for (const event of ['cancelled', 'close', 'error', 'finish']) call.on(event, end);
    const stopListening = this.streams.onGrowth(name, () => wake());
    this.subscriptions.add(call);
    call.write(confirmation(`subscription ${this.subscriptions.size}`));
    while (!hasEnded(() => isOver)) {
      const record = this.streams.records(name)?.[next];
      if (record === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else await sent(call, readAnswer(name, next++, record));
    }
    stopListening();
  }
}

function hasEnded(isOver: () => boolean): boolean {
  return isOver();
}

const ENDS = ['drain', 'cancelled', 'close', 'error'] as const;

/** Waits for room where there is none. */
async function sent(call: ReadCall, answer: ReadResp): Promise<void> {
  if (call.write(answer)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const event of ENDS) call.off(event, go);
      resolve();
    };
    for (const event of ENDS) call.on(event, go);
  });
}

function unimplemented(_call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>): void {
  answer({ code: status.UNIMPLEMENTED, details: 'the stand-in has no such thing', metadata: new Metadata() });
}

function features(): SupportedMethods {
  const supported = new featureMessages.SupportedMethods();
  supported.setEventStoreServerVersion('24.10.0, a stand-in');
  const batchAppend = new featureMessages.SupportedMethod();
  batchAppend.setServiceName('event_store.client.streams.streams');
  batchAppend.setMethodName('batchappend');
  supported.setMethodsList([batchAppend]);
  return supported;
}

async function bound(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, got) => {
      if (error === null) resolve(got);
      else reject(error);
    });
  });
}
