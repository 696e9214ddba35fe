import type { Socket } from 'node:net';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { causes } from '../connection.js';

/** No answer is to be expected any more. */
class LostAnswerError extends Error {
  constructor() {
    super('an answer was lost, perhaps with a connection');
    this.name = 'LostAnswerError';
  }
}

export function isLostAnswer(error: unknown): boolean {
  return causes(error).some((each) => each instanceof LostAnswerError);
}

/** So long after a connection was lost, the outcome of all that was under way is known. */
const SETTLED_MS = 5_000;

/**
 * The sockets of one client. kafkajs closes one only after every request on it was answered, which a silent broker never does, and
 * where one is taken from it, it may make another at once: it must not when the client has been closed, for nobody would close that.
 */
export class Sockets {
  private readonly open = new Set<Socket>();
  private readonly make = socketFactory();
  private readonly waiting = new Set<() => void>();
  private hasEnded = false;

  /** What kafkajs makes its sockets with. */
  readonly factory: ReturnType<typeof socketFactory> = (place) => {
    const socket = this.make(place);
    this.open.add(socket);
    socket.once('close', () => {
      this.open.delete(socket);
      for (const lost of this.waiting) lost();
    });
    if (this.hasEnded) setImmediate(() => socket.destroy(new Error('closed'))); // once who asked for it listens to it
    return socket;
  };

  /**
   * The answer, once it is there. Rejects with LostAnswerError where it is not for long after one of these connections has closed, or
   * within `mostMs`: kafkajs has been seen to wait for what can no longer come, however long a request may take.
   */
  answer<Value>(asked: Promise<Value>, mostMs?: number): Promise<Value> {
    return new Promise((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      const end = (): void => {
        this.waiting.delete(lost);
        timers.forEach(clearTimeout);
      };
      const giveUp = (): void => {
        end();
        reject(new LostAnswerError());
      };
      const lost = (): void => {
        this.waiting.delete(lost);
        timers.push(setTimeout(giveUp, SETTLED_MS));
      };
      this.waiting.add(lost);
      if (mostMs !== undefined) timers.push(setTimeout(giveUp, mostMs));
      void asked.then(resolve, reject).finally(end);
    });
  }

  /** Ends all at once. What still waits for an answer fails: its connection is lost. */
  destroy(): void {
    for (const socket of this.open) socket.destroy(new Error('given up'));
    this.open.clear();
  }

  /** The same, and for all that are made from now on. */
  end(): void {
    this.hasEnded = true;
    this.destroy();
  }
}
