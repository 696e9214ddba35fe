import { vi } from 'vitest';

/** Takes away what the environment of the whole run says to the command line, until vi.unstubAllEnvs. */
export function takeSettingsAway(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('PARLEY_')) vi.stubEnv(name, undefined);
}
