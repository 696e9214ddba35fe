/** A Prometheus that runs, asked by its HTTP API. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert that is not inactive. */
export interface RaisedAlert {
  readonly name: string;
  readonly instance: string;
  readonly state: 'pending' | 'firing';
}

export class Prometheus {
  constructor(private readonly url: string) {}

  /** What an expression comes to now, which is of series or of nothing. Rejects with what Prometheus says of one that it does not understand. */
  async query(expr: string): Promise<readonly Sample[]> {
    const { result } = await this.ask<{
      result: readonly { metric: Record<string, string>; value: [number, string] }[];
    }>(`query?query=${encodeURIComponent(expr)}`);
    return result.map(({ metric, value: [, text] }) => ({ labels: metric, value: Number(text) }));
  }

  /** Whether each target answers, by instance: `up`, `down` or `unknown`. */
  async targets(): Promise<Readonly<Record<string, string>>> {
    const { activeTargets } = await this.ask<{
      activeTargets: readonly { labels: { instance: string }; health: string }[];
    }>('targets');
    return Object.fromEntries(activeTargets.map(({ labels, health }) => [labels.instance, health]));
  }

  /** Its alert rules: their names, and whether it could evaluate them. */
  async rules(): Promise<readonly { readonly name: string; readonly health: string }[]> {
    const { groups } = await this.ask<{ groups: readonly { rules: readonly { name: string; health: string }[] }[] }>(
      'rules',
    );
    return groups.flatMap(({ rules }) => rules.map(({ name, health }) => ({ name, health })));
  }

  async alerts(): Promise<readonly RaisedAlert[]> {
    const { alerts } = await this.ask<{
      alerts: readonly { labels: { alertname: string; instance: string }; state: RaisedAlert['state'] }[];
    }>('alerts');
    return alerts.map(({ labels: { alertname: name, instance }, state }) => ({ name, instance, state }));
  }

  private async ask<Data>(question: string): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${question}`);
    const answer = (await response.json()) as { status: string; data: Data; error?: string }; // what its API answers, as it documents it
    if (answer.status !== 'success') throw new Error(`${question}: ${answer.error}`);
    return answer.data;
  }
}
