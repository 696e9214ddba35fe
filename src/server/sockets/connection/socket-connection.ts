/**
 * One WebSocket: what came on it and is not answered yet, and when more may come.
 *
 * Owns the connection, its messages that wait for their turn, and what is held for them.
 *
 * 1. Messages are looked at in the order in which they came, a few at a time, in turns with what others want of the thread.
 * 2. Commands of one turn are handed to the exchange together, and answers that come together leave together.
 * 3. Memory is bounded: no more is read while answers are not taken, while too much is under way, while the key holds as much as it may, or
 *    while the exchange is congested. A message counts until its answer has left.
 * 4. Once it is to be closed nothing more is begun; what was begun is answered, and then the other side is told why.
 * 5. Nothing is written after a closing frame, whoever has sent it.
 */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { type CloseCode, closeCodes } from '../../../api/close-codes.js';
import type { ServerContext } from '../../context.js';
import type { Caller } from '../../doors/access.js';
import { strangerAt } from '../../limits/connections.js';
import type { Worker } from '../../limits/request-turns.js';
import type { BudgetedStream } from '../../limits/stream-budget.js';
import { SocketOutput } from './socket-output.js';

/** Looked at in one turn. */
const MESSAGES_A_TURN = 256;
/** What one costs the thread beside what is measured in its turn: its answer. */
const MESSAGE_COST_MS = 0.005;
/** What one takes beside its text: its command, and its answer. */
const MESSAGE_BYTES = 256;
/** Messages that may wait or be under way on one connection before no more is read. */
const MOST_UNDER_WAY = 4_096;
/** More at a time are bulk, which waits for those who read. */
const BULK = 32;

/** What takes the messages of one connection. */
export interface SocketReceiver {
  /** One message; its answer is to be sent with `bytes`, now or later. Commands are begun at the end of the turn. */
  take(text: string, bytes: number): void;
  /** Begins the commands of the turn, and gives how many they are: as many are to be `answered` later. */
  endTurn(): number;
  /** The connection is gone. */
  left(): void;
}

export type ConnectionContext = Pick<
  ServerContext,
  'exchange' | 'turns' | 'streamBudget' | 'backlog' | 'logger' | 'metrics'
>;

export class SocketConnection implements BudgetedStream {
  readonly output: SocketOutput;
  caller: Caller | undefined;
  readonly #receiver: SocketReceiver;
  #worker: Worker;
  #leave: () => void;
  #pending: string[] = [];
  #next = 0;
  /** That the budget knows of. */
  #heldBytes = 0;
  /** Commands. */
  #underWay = 0;
  /** It may look at so many messages, or waits until it may. */
  #linesTaken = 0;
  #linesWanted = 0;
  #isScheduled = false;
  #isInTurn = false;
  /** For the exchange, or for those who read. */
  #isHeld = false;
  #closing: { readonly code: CloseCode; readonly reason: string } | undefined;
  #hasSaidWhy = false;
  #isGone = false;

  constructor(
    readonly ws: WebSocket,
    socket: Socket,
    private readonly context: ConnectionContext,
    receiverOf: (connection: SocketConnection) => SocketReceiver,
  ) {
    const isOpen = (): boolean => ws.readyState === ws.OPEN;
    this.output = new SocketOutput({ socket, isOpen, onTaken: (bytes) => this.#taken(bytes) });
    this.#worker = strangerAt(socket);
    this.#leave = context.streamBudget.join(this);
    this.#receiver = receiverOf(this);
    ws.on('message', (data: Buffer, isBinary) => this.#take(data, isBinary)); // ws gives Buffers unless told otherwise
    // It is closed by ws then, with the code of the fault.
    ws.on('error', ({ code }: NodeJS.ErrnoException) => context.metrics.sockets.broke(code));
    ws.once('close', () => this.#end());
  }

  /** On whose share all that it does counts. */
  get key(): string {
    return this.#worker.id;
  }

  get isOver(): boolean {
    return this.#closing !== undefined || this.#isGone;
  }

  /** From now on it is this caller’s. */
  authenticate(caller: Caller): void {
    const { streamBudget } = this.context;
    streamBudget.release(this.key, this.#heldBytes);
    this.#leave();
    this.caller = caller;
    this.#worker = caller.key;
    this.#leave = streamBudget.join(this);
    streamBudget.hold(this.key, this.#heldBytes);
  }

  /** Invariant 4. The first reason counts. */
  close(code: CloseCode, reason: string): void {
    if (this.isOver) return;
    this.#closing = { code, reason };
    this.goOn();
  }

  /** Closes it whatever is under way. */
  cut(code: CloseCode, reason: string): void {
    this.close(code, reason);
    this.#sayWhy();
  }

  /** `bytes`: what was held for the message that this answers. */
  answer(text: string, bytes: number): void {
    this.output.send(text, bytes);
  }

  /** So many commands have been answered. */
  answered(commands: number): void {
    this.#underWay -= commands;
    this.context.streamBudget.releaseLines(this.key, commands);
    this.goOn();
  }

  stopReading(): void {
    this.ws.pause();
  }

  get canPost(): boolean {
    return !this.#isGone && !this.#isHeld && this.#hasPending;
  }

  linesTaken(): void {
    this.#linesTaken = this.#linesWanted;
    this.goOn();
  }

  /** Looks at more, reads more, or ends, unless something stands against it: whatever that is calls again when it has gone. */
  goOn(): void {
    if (this.#isInTurn || this.#isHeld || this.#isGone) return;
    if (this.#hasPending) this.#turnSoon();
    else if (this.isOver) this.#endWhenAnswered();
    else if (this.ws.isPaused && this.#mayRead) this.ws.resume();
  }

  get #hasPending(): boolean {
    return this.#next < this.#pending.length;
  }

  get #turnSize(): number {
    return Math.min(MESSAGES_A_TURN, this.#pending.length - this.#next);
  }

  get #mayRead(): boolean {
    const isBusy = this.#pending.length - this.#next + this.#underWay >= MOST_UNDER_WAY;
    return !isBusy && !this.output.isFull && !this.context.streamBudget.isSpent(this.key);
  }

  #take(data: Buffer, isBinary: boolean): void {
    if (this.isOver) return;
    if (isBinary) {
      this.close(closeCodes.unsupportedData, 'messages are text');
      return;
    }
    const text = data.toString();
    this.#pending.push(text);
    this.#hold(bytesOf(text));
    if (this.#isScheduled) return;
    // All that one read brings is looked at together.
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      if (!this.#mayRead) this.stopReading();
      this.goOn();
    });
  }

  #turnSoon(): void {
    const { exchange, backlog, streamBudget } = this.context;
    if (exchange.congested) {
      this.#holdUntil(exchange.drained()).catch((error: unknown) => this.#fail(error));
    } else if (this.#pending.length - this.#next > BULK && backlog.isBulkHeld()) {
      this.#holdUntil(backlog.released()).catch((error: unknown) => this.#fail(error));
    } else if (this.caller === undefined || this.#linesTaken > 0) {
      this.#takeTurn();
    } else if (streamBudget.takeLines(this, (this.#linesWanted = this.#turnSize))) {
      this.linesTaken();
    } else {
      this.stopReading();
    }
  }

  async #holdUntil(free: Promise<void>): Promise<void> {
    this.#isHeld = true;
    this.stopReading();
    this.#releaseTaken();
    await free;
    this.#isHeld = false;
    this.goOn();
  }

  #takeTurn(): void {
    this.#isInTurn = true;
    this.context.turns.take(this.#worker, MESSAGE_COST_MS * this.#turnSize, () => {
      try {
        this.#turn();
      } catch (error) {
        this.#fail(error);
      }
      this.#isInTurn = false;
      this.goOn();
    });
  }

  /** Something that should not happen has happened: what is still under way is unknown to the other side. */
  #fail(error: unknown): void {
    this.context.logger.error({ err: error }, 'a WebSocket could not go on');
    this.cut(closeCodes.failed, 'the server failed');
  }

  #turn(): void {
    if (this.#isGone) return;
    const until = this.#next + (this.caller === undefined ? 1 : this.#linesTaken);
    while (this.#next < until) {
      const text = this.#pending[this.#next++] ?? ''; // within bounds
      this.#receiver.take(text, bytesOf(text));
    }
    if (!this.#hasPending) {
      this.#pending = [];
      this.#next = 0;
    }
    const commands = this.#receiver.endTurn();
    this.#underWay += commands;
    if (commands > 0) this.context.streamBudget.holdLines(this.key, commands);
    this.#releaseTaken();
  }

  #releaseTaken(): void {
    if (this.#linesTaken > 0) this.context.streamBudget.releaseLines(this.key, this.#linesTaken);
    this.#linesTaken = 0;
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    this.context.streamBudget.hold(this.key, bytes);
  }

  #release(bytes: number): void {
    const held = Math.min(bytes, this.#heldBytes); // nothing, once it is gone
    this.#heldBytes -= held;
    if (held > 0) this.context.streamBudget.release(this.key, held);
  }

  #taken(bytes: number): void {
    this.#release(bytes);
    this.goOn();
  }

  #endWhenAnswered(): void {
    if (this.#underWay === 0) this.#sayWhy();
    else this.ws.resume(); // its end may be heard of
  }

  #sayWhy(): void {
    if (this.#closing === undefined || this.#hasSaidWhy || this.ws.readyState !== this.ws.OPEN) return;
    this.#hasSaidWhy = true;
    const { code, reason } = this.#closing;
    this.output.flush();
    this.ws.close(code, reason);
    this.ws.resume(); // for the answer to that
    this.context.metrics.sockets.closed(code);
  }

  #end(): void {
    this.#isGone = true;
    this.#pending = [];
    this.#next = 0;
    this.#releaseTaken();
    this.#release(this.#heldBytes);
    this.#leave();
    this.#receiver.left();
  }
}

function bytesOf(text: string): number {
  return text.length + MESSAGE_BYTES;
}
