import { ParleyClient } from '../../src/client/index.js';
import { PATIENCE_MS } from '../support/patience.js';

/** With the pauses between them some minutes. */
const MANY = 30;

/** A client of a server that is all right, and perhaps slow: what it is answered is the server's last word. */
export function patientClient(url: string, attempts = MANY, key?: string): ParleyClient {
  return new ParleyClient({ url, key, retry: { attempts }, timeoutMs: PATIENCE_MS });
}
