import { bundleClient } from '../../support/package/client-bundle.js';
import type { Part } from '../part.js';
import { rounded } from '../statistics.js';

/** What the client costs whoever loads it: bundled, minified and compressed, in thousands of bytes. */
export const client: Part = async () => {
  const { bytes } = await bundleClient(process.cwd());
  return { kilobytes: rounded(bytes / 1_000) };
};
