import { Counter, Gauge, type Registry } from 'prom-client';

type Reading = number | ReadonlyMap<number, number>;

/** A metric whose value is kept elsewhere. */
export interface ReadMetric {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  /** One value, or one for each shard, by its number. */
  readonly read: () => Reading | Promise<Reading>;
}

/** Registers a metric that is read whenever it is asked for. A shard that has no value any more, because it is elsewhere, is not shown. */
export function addRead(registers: Registry[], { kind, name, help, read }: ReadMetric): void {
  const options = {
    ...{ name, help, registers, labelNames: ['shard'] },
    async collect(this: Counter | Gauge) {
      const values = await read();
      this.reset();
      const show = (labels: { shard?: number }, value: number): void =>
        'set' in this ? this.set(labels, value) : this.inc(labels, value);
      if (typeof values === 'number') show({}, values);
      else values.forEach((value, shard) => show({ shard }, value));
    },
  };
  if (kind === 'counter') new Counter(options);
  else new Gauge(options);
}
