import { describeWithServer } from '../support/needs/suite.js';
import { describeRemoval } from './eventstoredb-removal.js';

for (const product of ['eventstoredb', 'kurrentdb'] as const) {
  await describeWithServer(product, `removal from a stream of a real ${product}`, ({ address, origin }) => {
    describeRemoval(origin, async () => ({ connection: address, stop: () => undefined }));
  });
}
