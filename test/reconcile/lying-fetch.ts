/** A way to the server that lies about own streams, to show that it is found. */
import type { Fetch } from '../../src/client/index.js';

/** `drop`: a message never comes. `double`: one comes twice. `change`: one says another quantity. */
export const faults = ['drop', 'double', 'change'] as const;

export type Fault = (typeof faults)[number];

/** One message in so many is lied about. */
const EVERY = 40;
const MESSAGE = /^event: (?!upTo)(\w+)$/m;

export function lyingFetch(fault: Fault): Fetch {
  let seen = 0;
  const lie = (block: string): string => {
    if (!MESSAGE.test(block) || ++seen % EVERY !== 0) return block;
    if (fault === 'drop') return '';
    if (fault === 'double') return block + block;
    return block.replace(/"filled":"(\d+)"/, (_all, filled: string) => `"filled":"${Number(filled) + 1}"`);
  };
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!url.includes('/v1/own/stream') || response.body === null) return response;
    let rest = '';
    const lies = new TransformStream<string, string>({
      transform(text, controller) {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        controller.enqueue(blocks.map((block) => lie(`${block}\n\n`)).join(''));
      },
    });
    const body = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(lies)
      .pipeThrough(new TextEncoderStream());
    return new Response(body, response);
  };
}
