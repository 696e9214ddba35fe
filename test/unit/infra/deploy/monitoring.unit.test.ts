import { describe, expect, it } from 'vitest';
import { filesIn, yamlOf } from '../../../support/deploy/files.js';
import { dashboard, panelQueries, rules } from '../../../support/deploy/monitoring.js';
import { composeOf } from '../../../support/deploy/compose.js';
import { servePort } from '../../../support/deploy/serve-options.js';
import { appOf, openMarket } from '../../../support/http/market.js';

const FOLDER = 'infra/deploy';
const DASHBOARDS = `${FOLDER}/grafana/dashboards`;
/** Made by Prometheus itself. */
const ITS_OWN = ['up'];
/** Words of its language that look like names of metrics. */
const WORDS = new Set([
  'sum',
  'rate',
  'by',
  'histogram_quantile',
  'instance',
  'code',
  'status',
  'le',
  'job',
  'route',
  'method',
]);

const [prometheus] = yamlOf(`${FOLDER}/prometheus.yml`) as [
  {
    rule_files: string[];
    scrape_configs: { authorization: { credentials_file: string }; static_configs: { targets: string[] }[] }[];
  },
];
const queries = [...panelQueries, ...rules.map(({ alert, expr }) => ({ where: `alert ${alert}`, expr }))];

/** Names of metrics in a query; a histogram's by its own name. */
function metricsIn(expr: string): string[] {
  const bare = expr.replaceAll(/"[^"]*"/g, '').replaceAll(/\[[^\]]*\]/g, '');
  const names = bare.match(/[a-z_][a-z0-9_]*/gi) ?? [];
  return names.filter((name) => !WORDS.has(name)).map((name) => name.replace(/_(bucket|count|sum)$/, ''));
}

describe('the dashboard and the alerts', () => {
  /** What a server answers that has been asked something else before. */
  async function metrics(): Promise<string> {
    const app = appOf(await openMarket(), undefined, { processMetrics: true });
    await app.inject({ method: 'GET', url: '/v1/deals' });
    return (await app.inject({ method: 'GET', url: '/metrics' })).body;
  }

  it('The dashboard and the alerts ask only for what a server exports', async () => {
    const exported = [...(await metrics()).matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    for (const { where, expr } of queries) {
      const asked = metricsIn(expr);
      expect(asked.length, where).toBeGreaterThan(0);
      expect(
        asked.filter((name) => ![...exported, ...ITS_OWN].includes(name)),
        where,
      ).toEqual([]);
    }
  });

  it('The dashboard and the alerts ask for histograms by labels that the server gives them', async () => {
    const text = await metrics();
    const labels = queries.flatMap(({ expr }) => [...expr.matchAll(/(\w+)="/g)].map(([, label = '']) => label));
    expect(labels).toContain('route');
    for (const label of labels.filter((each) => each !== 'job')) expect(text).toContain(`${label}="`);
  });
});

describe('the dashboard', () => {
  it('The dashboard has panels with numbers of their own, none over another', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('The dashboard is provided with its data source', () => {
    const [sources] = yamlOf(`${FOLDER}/grafana/provisioning/datasources/prometheus.yaml`) as [
      { datasources: { uid: string; url: string }[] }, // of a file of our own
    ];
    expect(sources.datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
    const used = new Set(dashboard.panels.map(({ datasource }) => datasource.uid));
    expect([...used]).toEqual(sources.datasources.map(({ uid }) => uid));
  });

  it('The dashboard lies where Grafana is configured to look', () => {
    const [{ providers }] = yamlOf(`${FOLDER}/grafana/provisioning/dashboards/parley.yaml`) as [
      { providers: { options: { path: string } }[] }, // of a file of our own
    ];
    const mounts = composeOf(`${FOLDER}/compose.yaml`).services.grafana?.volumes;
    expect(mounts).toContain(`./grafana/dashboards:${providers[0]?.options.path}:ro`);
    expect(filesIn(DASHBOARDS)).toEqual(['parley.json']);
  });
});

describe('Prometheus', () => {
  const { services, secrets = {} } = composeOf(`${FOLDER}/compose.yaml`);

  it('Prometheus asks every exchange, with the operator’s key, which it is given', () => {
    const [scrape] = prometheus.scrape_configs;
    const exchanges = Object.keys(services).filter((name) => name.startsWith('exchange-'));
    expect(scrape?.static_configs[0]?.targets).toEqual(exchanges.map((name) => `${name}:${servePort}`));
    const file = scrape?.authorization.credentials_file.replace('/run/secrets/', '') ?? '';
    expect(services.prometheus?.secrets).toContain(file);
    expect(secrets[file]?.file).toBe('./secrets/operator-key');
  });

  it('Prometheus is given the alerts', () => {
    for (const file of prometheus.rule_files) {
      expect(services.prometheus?.volumes).toContain(`./${file}:/etc/prometheus/${file}:ro`);
    }
    expect(rules.length).toBeGreaterThan(0);
  });
});
