/** A way to the server that lies about own streams, to show that it is found. */
import type { Fetch } from '../../src/client/index.js';

/** `drop`: a message never comes. `double`: one comes twice. `change`: one says another quantity. */
export const faults = ['drop', 'double', 'change'] as const;

export type Fault = (typeof faults)[number];

/** What is lied about. */
interface Aim {
  readonly message: RegExp;
  /** One of them in so many. */
  readonly every: number;
  /** A whole number that becomes another one. */
  readonly field: string;
}

const anyMessage: Aim = { message: /^event: (?!upTo)(\w+)$/m, every: 40, field: 'filled' };

/** Fills in part: whoever misses the last one believes an order open permanently, and may wait for it. */
export const partialFills: Aim = { message: /^event: dealt$[^]*"status":"open"/m, every: 6, field: 'quantity' };

export interface Liar {
  readonly fetch: Fetch;
  /** How often it has lied. */
  readonly lies: () => number;
}

export function makeLiar(fault: Fault, { message, every, field }: Aim = anyMessage): Liar {
  const value = new RegExp(`"${field}":"(\\d+)"`);
  let seen = 0;
  const lie = (block: string): string => {
    if (!message.test(block) || ++seen % every !== 0) return block;
    if (fault === 'drop') return '';
    if (fault === 'double') return block + block;
    return block.replace(value, (_all, number: string) => `"${field}":"${Number(number) + 1}"`);
  };
  const lyingFetch: Fetch = async (url, init) => {
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
  return { fetch: lyingFetch, lies: () => Math.floor(seen / every) };
}
