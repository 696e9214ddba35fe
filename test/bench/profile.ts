import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SHOWN = 30;

/** What --cpu-prof writes, as far as it is needed. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The functions in which the most time was spent, without those they called. An inlined function counts for the one that it is inlined in. */
export function printProfile(part: string, folder: string): void {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile; // Node wrote it
    const self = selfTimes(profile);
    const total = [...self.values()].reduce((sum, time) => sum + time, 0);
    process.stderr.write(`self time, ${part}, ${(total / 1e6).toFixed(1)} s in all\n`);
    for (const [name, time] of [...self].sort(([, one], [, other]) => other - one).slice(0, SHOWN)) {
      process.stderr.write(`${((100 * time) / total).toFixed(1).padStart(6)} %  ${name}\n`);
    }
  }
}

function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const names = new Map<number, string>();
  for (const { id, callFrame } of nodes) {
    const place =
      callFrame.url === '' ? '' : ` ${callFrame.url.split('/').slice(-2).join('/')}:${callFrame.lineNumber + 1}`;
    names.set(id, `${callFrame.functionName === '' ? '(anonymous)' : callFrame.functionName}${place}`);
  }
  const self = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    if (name === '(idle)') return;
    self.set(name, (self.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return self;
}
