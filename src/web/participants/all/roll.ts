import type { Intention, Position } from '../../../client/types.js';
import { ServerSource } from '../../source/server-source.js';
import type { Asked, Source } from '../../source/source.js';
import type { Sign } from './people.js';

const PAGE = 1_000;

/** Everybody, page after page as it is asked for: who has positions, then who has something open, then whom an operator limits. */
export async function* rollOf(source: Source, asked: Asked): AsyncGenerator<readonly Sign[], void, undefined> {
  let after: Position | undefined;
  do {
    const page = await source.positions({ ...asked, after, limit: PAGE });
    yield page;
    after = page.length < PAGE ? undefined : page.at(-1);
  } while (after !== undefined);
  let last: Intention | undefined;
  do {
    const page = await source.intentions({ ...asked, status: 'open', after: last?.id, limit: PAGE });
    yield page.map(({ participant }) => ({ participant }));
    last = page.length < PAGE ? undefined : page.at(-1);
  } while (last !== undefined);
  // Limits are listed as they are now; those of a moment stand in each account.
  if (source instanceof ServerSource && asked.at === undefined)
    yield await source.client.limits({ signal: asked.signal });
}
