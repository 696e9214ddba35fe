import { ParleyClient } from '../../client/index.js';
import type { ServerOptions } from './options.js';

export function connect({ url, key }: ServerOptions): ParleyClient {
  return new ParleyClient({ url, key });
}
