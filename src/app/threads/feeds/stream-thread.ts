/** The thread of the streams: folds the logs of all shards, and encodes what is said of books, trades, tickers and participants. */
import { ModelCheckpoints, modelFolder } from '../../../../projections/model/checkpoints.js';
import { Models } from '../../../../projections/model/models.js';
import { StreamHub } from '../../../server/streams/stream-hub.js';
import type { StreamWish } from '../../../server/streams/stream-source.js';
import { runHubs } from './hub-thread.js';

await runHubs<StreamWish>(({ log, file, shards }, takeRound) => {
  const models = new Models(log, new ModelCheckpoints(modelFolder(file)));
  const start = models.openModel.bind(models);
  return new StreamHub({ log, start, shownShard: shards > 1 ? log.shard : undefined, clock: Date.now }, takeRound);
});
