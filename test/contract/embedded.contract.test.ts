import path from 'node:path';
import { EmbeddedLog, type EmbeddedLogOptions } from '../../infra/embedded/embedded-log.js';
import { FaultyFiles } from '../support/disk/faulty-files.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { describeLogContract, type LogMedium } from './log-contract.js';

/** The disk of the instance that was made last can fail: it is full, or it takes the bytes and cannot sync them. */
function embedded(options: Omit<EmbeddedLogOptions, 'folder' | 'takeOver' | 'files'>) {
  return async (): Promise<LogMedium> => {
    const folder = temporaryFolder();
    let disk = new FaultyFiles();
    return {
      instance: (takeOver) => {
        const { files } = (disk = new FaultyFiles());
        return new EmbeddedLog({ ...options, folder: path.join(folder, 'shard-0'), takeOver, files });
      },
      failNext: (stored) => {
        if (stored) disk.syncError = new Error('EIO: a sync failed');
        else disk.room = 0;
      },
      restart: 'nothing but its instances keeps it; test/crash ends their processes',
      dispose: async () => removeFolder(folder),
    };
  };
}

describeLogContract('embedded, overlapped syncs', embedded({}));
describeLogContract('embedded, inline syncs', embedded({ sync: 'inline' }));
describeLogContract('embedded, a segment for every batch or two', embedded({ segmentBytes: 200 }));
