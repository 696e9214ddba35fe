import { vi } from 'vitest';
import { isHeeded } from './heeded.js';

/** Takes away what the environment of the whole run says to the command line, until vi.unstubAllEnvs. */
export function takeSettingsAway(): void {
  for (const name of Object.keys(process.env).filter(isHeeded)) vi.stubEnv(name, undefined);
}
