/** From what a verb is given to its log, and back to a process that can end. */
import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { EmbeddedPlace } from './embedded-place.js';
import type { LogPlace } from './log-place.js';
import { openers } from './openers.js';
import { settingsOf, type SettingsUse } from './read-settings.js';
import { RemotePlace } from './remote-place.js';
import type { LogSettings } from './settings.js';

/** Nothing is connected to yet. */
export async function placeOf(settings: LogSettings): Promise<LogPlace> {
  switch (settings.kind) {
    case 'embedded':
      return new EmbeddedPlace(settings);
    case 'kafka':
      return new RemotePlace(settings, await openers.kafka());
    case 'eventstoredb':
      return new RemotePlace(settings, await openers.eventstoredb());
  }
}

/** Works on the log that a verb is told of, and closes it, however the work ends. */
export async function withPlace<Value>(
  terminal: Terminal,
  command: Command,
  work: (place: LogPlace) => Promise<Value>,
  use?: SettingsUse,
): Promise<Value> {
  return inPlace(settingsOf(command, terminal.env, use), work);
}

/** The same for settings that are known. */
export async function inPlace<Value>(settings: LogSettings, work: (place: LogPlace) => Promise<Value>): Promise<Value> {
  const place = await placeOf(settings);
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}

/** Work that looks out for the signal itself ends well within this, and clears away its progress bar. */
export const GRACE_MS = 500;
