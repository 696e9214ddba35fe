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
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featureServices from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { AppendReq, AppendResp, DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import streamMessages from '@eventstore/db-client/generated/streams_pb.js';
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { PATIENCE_MS } from '../patience.js';
import { deletedStream, Faults, tooLarge, unavailable, wrongRevision } from './faults.js';
import { FrontDoor } from './front-door.js';
import { answerTo, expectedOf, keptRecordOf, streamNameOf } from './messages.js';
import { projectionService, type ProjectionSources } from './projections.js';
import { type ReadCall, Readers } from './readers.js';
import { type KeptRecord, StoredStreams } from './stored-streams.js';

const MAX_APPEND_BYTES = 1024 * 1024;
/** Neither an answer nor a sign of life is missed on a machine that is slow. */
const PATIENT = ['defaultDeadline', 'keepAliveInterval', 'keepAliveTimeout']
  .map((option) => `${option}=${PATIENCE_MS}`)
  .join('&');

type Deletion = Pick<DeleteReq, 'getOptions'> | Pick<TombstoneReq, 'getOptions'>;

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
  private readonly readers = new Readers(this.streams);
  private isHung = false;
  /** The other ends of connections that led to a node which hung. */
  private deafTo: ReadonlySet<string> = new Set();

  private constructor(private readonly door: FrontDoor) {}

  /** Listens on loopback; port 0 takes a free one. */
  static async start(port = 0): Promise<StandInServer> {
    const server = new StandInServer(await FrontDoor.open(port));
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
    return this.readers.subscribers.length;
  }

  /** Subscriptions to metadata, which are not among the others. */
  get watcherCount(): number {
    return this.readers.watcherCount;
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
      delete: this.remove('delete', () => new streamMessages.DeleteResp()),
      tombstone: this.remove('tombstone', () => new streamMessages.TombstoneResp()),
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
    this.readers.leaveAll();
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

  /** From now on it takes every call and answers none, as a process that is stopped. */
  hang(): void {
    this.isHung = true;
  }

  /** It answers again, but for what it was asked meanwhile. */
  revive(): void {
    this.isHung = false;
  }

  /** Another takes its place: new connections lead there, those that there are still to the one that hangs. */
  takeOver(): void {
    this.isHung = false;
    this.deafTo = this.door.peers();
  }

  /** As the server does to those that are too slow. Returns how many there were. */
  dropSubscriptions(): number {
    const dropped = this.readers.subscribers;
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
      if (call.cancelled || options === undefined || this.isDeafTo(call)) return;
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
    const stream = streamNameOf(options.getStreamIdentifier());
    const store = () => this.streams.append(stream, expected, records);
    if (fault === undefined) {
      const result = store();
      if (result.kind === 'deleted') return answer(deletedStream(stream));
      return answer(null, answerTo(result, expected));
    }
    if (fault.stored) store();
    if (fault.answer === 'silence') this.unanswered++;
    if (fault.answer === 'unavailable') answer(unavailable());
    if (fault.answer === 'cut') this.restart();
  }

  private read(call: ReadCall): void {
    const options = call.request.getOptions();
    const name = streamNameOf(options?.getStream()?.getStreamIdentifier());
    if (this.isDeafTo(call)) return;
    const failure = this.faults.nextRead();
    if (failure !== undefined) {
      call.emit('error', failure);
      return;
    }
    if (this.faults.isSilent || options === undefined) {
      this.unanswered++;
      return;
    }
    this.readers.serve(call, options, name).catch(() => call.end()); // the connection is gone
  }

  /** Both kinds of deletion: which, `remove` says. */
  private remove<Request extends Deletion, Answer>(remove: 'delete' | 'tombstone', none: () => Answer) {
    return (call: ServerUnaryCall<Request, Answer>, answer: sendUnaryData<Answer>): void => {
      const options = call.request.getOptions();
      if (options === undefined) return;
      const stream = streamNameOf(options.getStreamIdentifier());
      const expected = expectedOf(options);
      const result = this.streams[remove](stream, expected);
      if (result.kind === 'deleted') answer(deletedStream(stream));
      else if (result.kind === 'wrong revision') answer(wrongRevision(stream, expected, result.current));
      else answer(null, none());
    };
  }

  /** Whether a call is not answered for the connection that it came by. */
  private isDeafTo(call: { getPeer(): string }): boolean {
    if (!this.isHung && !this.deafTo.has(call.getPeer())) return false;
    this.unanswered++;
    return true;
  }
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
