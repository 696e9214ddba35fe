import path from 'node:path';
import { EmbeddedLog, type EmbeddedLogOptions } from '../../infra/embedded/embedded-log.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { describeLogContract } from './log-contract.js';

function embedded(options: Omit<EmbeddedLogOptions, 'folder' | 'takeOver'>) {
  return async () => {
    const folder = temporaryFolder();
    return {
      instance: (takeOver: boolean) => new EmbeddedLog({ ...options, folder: path.join(folder, 'shard-0'), takeOver }),
      dispose: async () => removeFolder(folder),
    };
  };
}

describeLogContract('embedded, overlapped syncs', embedded({}));
describeLogContract('embedded, inline syncs', embedded({ sync: 'inline' }));
describeLogContract('embedded, a segment for every batch or two', embedded({ segmentBytes: 200 }));
