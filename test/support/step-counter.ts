/**
 * How much work something is, by what is done and not by how long it takes: V8 counts how often each block of the product's code runs.
 * The same on every machine, however slow or busy. What native code does within one call is not seen.
 */
import { Session } from 'node:inspector';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = path.resolve(import.meta.dirname, '..', '..');

export class StepCounter {
  private readonly session = new Session();

  /** To be made where a test file begins: code that has run before is not counted. */
  constructor() {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Blocks that have run since this was asked last: of a loop, each round. */
  taken(): number {
    let steps = 0;
    this.session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      const ranges = result
        .filter(({ url }) => isOfTheProduct(url))
        .flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
      for (const { count } of ranges) steps += count;
    });
    return steps;
  }

  /** Blocks that run during the work. */
  of(work: () => void): number {
    this.taken();
    work();
    return this.taken();
  }

  end(): void {
    this.session.disconnect();
  }
}

function isOfTheProduct(url: string): boolean {
  if (!url.startsWith('file:')) return false;
  const [top = ''] = path.relative(checkout, fileURLToPath(url)).split(path.sep);
  return ['src', 'projections', 'infra'].includes(top);
}
