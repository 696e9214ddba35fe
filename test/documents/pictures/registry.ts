/** The pictures of the documents, which are drawn by code: `npm run docs` writes them, and a test holds them to it. */
import { codePicture } from './code.js';
import type { Theme } from './drawing.js';
import { handshakePicture } from './handshake.js';
import { recoveryPicture } from './recovery.js';

const drawn: Readonly<Record<string, (theme: Theme) => string | Promise<string>>> = {
  code: codePicture,
  handshake: handshakePicture,
  recovery: recoveryPicture,
};

/** By their paths from the root of the repository. */
export const pictures: Readonly<Record<string, () => string | Promise<string>>> = Object.fromEntries(
  Object.entries(drawn).flatMap(([name, draw]) =>
    (['light', 'dark'] as const).map((theme) => [`docs/pictures/${name}-${theme}.svg`, () => draw(theme)]),
  ),
);
