/** A real browser for the tests of the page. */
import { existsSync } from 'node:fs';

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** Where a Chromium is: as PARLEY_CHROMIUM says, or where systems have it. */
export function chromiumPath(): string | undefined {
  const named = process.env.PARLEY_CHROMIUM;
  return named ?? usualPlaces.find((place) => existsSync(place));
}

export function missingChromium(): string | undefined {
  return chromiumPath() === undefined
    ? 'there is no Chromium here: install one, or name it in PARLEY_CHROMIUM'
    : undefined;
}
