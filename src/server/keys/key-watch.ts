/**
 * Keeps the keys as the file of them is: looks at it now and then, and reads it when it has become another.
 *
 * 1. It looks at what the name leads to, so a file that another is renamed onto, and a link that is turned elsewhere, are changes too.
 * 2. A file is read when it has been the same for two looks, so that one who writes it in place is let finish.
 * 3. A file that cannot be used is logged once for as long as that very content stands there, and the keys stay as they were.
 */
import type { Logger } from '../../resilience/logger.js';
import { stateOf } from './key-reading.js';
import type { FileKeyring, KeyNews } from './keys.js';

/** Runs a task once a period, until the function that it returns is called. */
export type Every = (periodMs: number, task: () => void) => () => void;

const LOOK_MS = 1_000;

const everyByTimer: Every = (periodMs, task) => {
  const timer = setInterval(task, periodMs).unref();
  return () => clearInterval(timer);
};

export class KeyWatch {
  /** What has been read, or could not be. */
  private read: string;
  private seen: string | undefined;
  private looking = false;
  private endLooks: () => void = () => undefined;
  /** Of the last file that could not be used and was logged. */
  private logged: string | undefined;

  /** Of keys that have just been loaded. */
  constructor(
    private readonly keys: FileKeyring,
    private readonly logger: Logger,
  ) {
    this.read = keys.state;
    this.warn();
  }

  start(every: Every = everyByTimer): void {
    this.endLooks = every(LOOK_MS, () => void this.look());
  }

  end(): void {
    this.endLooks();
  }

  /** Reads the file whether it has changed or not. Rejects with KeyFileError, and then the keys stay as they were. */
  async reload(): Promise<KeyNews> {
    try {
      const news = await this.keys.reload();
      this.logged = undefined;
      this.warn();
      return news;
    } finally {
      this.read = this.keys.state;
    }
  }

  /** One look at the file. Never rejects. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const before = this.seen;
      this.seen = await stateOf(this.keys.file);
      if (this.seen !== this.read && this.seen === before) await this.readChanged();
    } finally {
      this.looking = false;
    }
  }

  private async readChanged(): Promise<void> {
    try {
      this.logger.info({ ...(await this.reload()) }, 'read the keys again');
    } catch (error) {
      const { content } = this.keys;
      if (content !== this.logged) this.logger.error({ err: error }, 'the keys stay as they were');
      this.logged = content;
    }
  }

  private warn(): void {
    const { exposure, file } = this.keys;
    if (exposure === undefined) return;
    const mend = `chmod 600 ${file}`;
    this.logger.warn(
      { code: 'KEY_FILE_READABLE', file, ...exposure, mend },
      'others than its owner can read the key file',
    );
  }
}
