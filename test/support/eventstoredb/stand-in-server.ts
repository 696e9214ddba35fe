/**
 * A stand-in for an EventStoreDB server, where none can be had: it answers the real client over a real socket, in the real protocol, and
 * keeps its streams in memory. What it does is what the server's documentation and the client's source say that the server does; that
 * the server does it is proven by the same tests against a real one, where the environment names it.
 *
 * 1. Its streams and its port outlive `crash` and `start`, its connections and subscriptions do not.
 * 2. It stores an append once the client has said that it is whole, and never one whose call was cancelled before that.
 * 3. It says that it has `batchAppend`, as every server does by now, and fails each use of it: the adapter is to keep clear of it.
 */
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
import { PATIENCE_MS } from '../patience.js';
import { Faults, tooLarge, unavailable } from './faults.js';
import { FrontDoor } from './front-door.js';
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
/** Neither an answer nor a sign of life is missed on a machine that is slow. */
const PATIENT = ['defaultDeadline', 'keepAliveInterval', 'keepAliveTimeout']
  .map((option) => `${option}=${PATIENCE_MS}`)
  .join('&');

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

export class StandInServer {
  readonly streams = new StoredStreams();
  readonly faults = new Faults();
  readonly projections: ProjectionSources = new Map();
  /** How many appends were asked for, also in vain. */
  appends = 0;
  /** How many calls were taken and left without an answer. */
  unanswered = 0;
  /** Awaited before each append is decided on, with its number. */
  beforeAppend: (append: number) => Promise<void> = async () => undefined;
  private server: Server | undefined;
  private readonly subscriptions = new Set<ReadCall>();

  private constructor(private readonly door: FrontDoor) {}

  static async start(): Promise<StandInServer> {
    const server = new StandInServer(await FrontDoor.open());
    server.start();
    return server;
  }

  /** As the client takes it; `options` as in `defaultDeadline=500`. Unless it says otherwise, the client waits as long as tests do. */
  connection(options = PATIENT): string {
    return `esdb://${this.address}?tls=false${options === '' ? '' : `&${options}`}`;
  }

  get address(): string {
    return `127.0.0.1:${this.door.port}`;
  }

  /** How many connections came while it was away. */
  get turnedAway(): number {
    return this.door.turnedAway;
  }

  get subscriberCount(): number {
    return this.subscriptions.size;
  }

  /** It is there again. */
  start(): void {
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
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    this.door.admit = (socket) => injector.injectConnection(socket);
    this.server = server;
  }

  /** Every connection ends at once, and newcomers are turned away until it is started again. */
  crash(): void {
    this.door.admit = undefined;
    this.server?.forceShutdown();
    this.server = undefined;
    this.subscriptions.clear();
  }

  restart(): void {
    this.crash();
    this.start();
  }

  /** For good. */
  stop(): void {
    this.crash();
    this.door.close();
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
    const conclude = async (): Promise<void> => {
      if (call.cancelled || options === undefined) return;
      await this.beforeAppend(++this.appends);
      if (this.faults.refusal !== undefined) return answer(this.faults.refused());
      if (bytes > MAX_APPEND_BYTES) return answer(tooLarge(MAX_APPEND_BYTES));
      this.decide(options, records, answer);
    };
    call.on('end', () => void conclude());
  }

  private decide(options: AppendReq.Options, records: KeptRecord[], answer: sendUnaryData<AppendResp>): void {
    const fault = this.faults.nextAppend();
    const expected = expectedOf(options);
    const store = (): AppendResp =>
      answerTo(this.streams.append(streamNameOf(options.getStreamIdentifier()), expected, records), expected);
    if (fault === undefined) return answer(null, store());
    if (fault.stored) store();
    if (fault.answer === 'silence') this.unanswered++;
    if (fault.answer === 'unavailable') answer(unavailable());
    if (fault.answer === 'cut') this.restart();
  }

  private read(call: ReadCall): void {
    const options = call.request.getOptions();
    const name = streamNameOf(options?.getStream()?.getStreamIdentifier());
    const failure = this.faults.nextRead();
    if (failure !== undefined) {
      call.emit('error', failure);
      return;
    }
    if (this.faults.isSilent || options === undefined) {
      this.unanswered++;
      return;
    }
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
