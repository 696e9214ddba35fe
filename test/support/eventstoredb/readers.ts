/**
 * The stand-in server's part for readers: pages of a stream, and subscriptions to it.
 *
 * A subscription first catches up with what readers find. From then on it receives what is appended, whatever metadata hides: it sees
 * nothing of that.
 */
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamMessages from '@eventstore/db-client/generated/streams_pb.js';
import { deletedStream } from './faults.js';
import { confirmation, notFoundAnswer, readAnswer, tombstoneAnswer } from './messages.js';
import type { KeptRecord, StoredStreams } from './stored-streams.js';
import { METADATA } from './stream-metadata.js';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

export class Readers {
  private readonly subscriptions = new Map<ReadCall, string>();

  constructor(private readonly streams: StoredStreams) {}

  /** The subscriptions to streams, without those to their metadata. */
  get subscribers(): ReadCall[] {
    return [...this.subscriptions].filter(([, name]) => !name.startsWith(METADATA)).map(([call]) => call);
  }

  /** The subscriptions to metadata. */
  get watcherCount(): number {
    return this.subscriptions.size - this.subscribers.length;
  }

  /** Their connections are gone. */
  leaveAll(): void {
    this.subscriptions.clear();
  }

  async serve(call: ReadCall, options: ReadReq.Options, name: string): Promise<void> {
    if (options.hasSubscription()) await this.subscribe(call, options, name);
    else await this.readPage(call, options, name);
  }

  private async readPage(call: ReadCall, options: ReadReq.Options, name: string): Promise<void> {
    const view = this.streams.view(name);
    if (view.kind === 'deleted') return void call.emit('error', deletedStream(name));
    const records = this.streams.records(name);
    if (view.kind === 'none' || records === undefined) {
      call.write(notFoundAnswer(name));
      call.end();
      return;
    }
    const isForwards = options.getReadDirection() === streamMessages.ReadReq.Options.ReadDirection.FORWARDS;
    const place = options.getStream();
    const asked = place?.hasEnd() === true ? records.length - 1 : Number(place?.getRevision() ?? 0);
    const start = isForwards ? Math.max(asked, view.from) : asked;
    const step = isForwards ? 1 : -1;
    const end = records.length; // what is appended from now on is not part of the answer
    let left = Number(options.getCount());
    for (let revision = start; revision >= view.from && revision < end && left > 0; revision += step, left--) {
      const record = records[revision];
      if (record !== undefined) await sent(call, readAnswer(name, revision, record));
    }
    call.end();
  }

  private async subscribe(call: ReadCall, options: ReadReq.Options, name: string): Promise<void> {
    if (this.streams.view(name).kind === 'deleted') return void call.emit('error', deletedStream(name));
    const place = options.getStream();
    let next = place?.hasStart() === true ? 0 : Number(place?.getRevision() ?? 0) + 1;
    let isCaughtUp = false;
    let isOver = false;
    let wake: () => void = () => undefined;
    const end = (): void => {
      isOver = true;
      this.subscriptions.delete(call);
      wake();
    };
    for (const event of ['cancelled', 'close', 'error', 'finish']) call.on(event, end);
    const stopListening = this.streams.onGrowth(name, () => wake());
    this.subscriptions.set(call, name);
    call.write(confirmation(`subscription ${this.subscriptions.size}`));
    while (!hasEnded(() => isOver)) {
      if (!isCaughtUp) next = this.shownFrom(name, next);
      const record = this.streams.records(name)?.[next];
      if (record !== undefined) await sent(call, readAnswer(name, next++, record));
      else if (this.streams.view(name).kind === 'deleted') await buried(call, name);
      else await new Promise<void>((resolve) => (wake = resolve));
      isCaughtUp ||= record === undefined;
    }
    stopListening();
  }

  /** The first revision from one on that readers find, or the one that comes next. */
  private shownFrom(name: string, revision: number): number {
    const view = this.streams.view(name);
    const records: readonly KeptRecord[] = this.streams.records(name) ?? [];
    return Math.max(revision, view.kind === 'there' ? view.from : records.length);
  }
}

async function buried(call: ReadCall, name: string): Promise<void> {
  await sent(call, tombstoneAnswer(name));
  call.emit('error', deletedStream(name));
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
