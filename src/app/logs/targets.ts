/** Opens the log that settings name for some work, and closes it again, so that the process can end. */
import { EmbeddedTarget } from './embedded-target.js';
import type { LogTarget } from './log-target.js';
import { openers } from './openers.js';
import { RemoteTarget } from './remote-target.js';
import type { LogSettings } from './settings.js';

/** The log that settings name. Nothing is connected to yet; a folder is looked at. */
export async function targetOf(settings: LogSettings): Promise<LogTarget> {
  switch (settings.kind) {
    case 'embedded':
      return EmbeddedTarget.of(settings);
    case 'kafka':
      return new RemoteTarget(settings, await openers.kafka());
    case 'eventstoredb':
      return new RemoteTarget(settings, await openers.eventstoredb());
  }
}

/** Works on the log that settings name, and closes it, however the work ends. */
export async function inTarget<Value>(
  settings: LogSettings,
  work: (target: LogTarget) => Promise<Value>,
): Promise<Value> {
  const target = await targetOf(settings);
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

/** Work that looks out for the signal itself ends well within this, and clears away its progress bar. */
export const GRACE_MS = 500;
