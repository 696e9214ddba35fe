/** The alerts as Prometheus' own tool takes them: without an exchange, and in no time. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { imageHere } from '../../infra/containers/images.js';
import { docker } from '../support/containers/docker.js';
import { checkout } from '../support/deploy/files.js';
import { MONITORING, rules } from '../support/deploy/monitoring.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { describeWith } from '../support/needs/suite.js';

await describeWith(['containers', 'compose-images'], 'promtool', () => {
  it('The configuration and the rules are what Prometheus’ own tool accepts, and each alert is raised by what it is about, after its time', async () => {
    const folder = temporaryFolder();
    const rule = (await imageHere('prometheus')) ?? '';
    try {
      writeFileSync(path.join(folder, 'key'), '');
      writeFileSync(path.join(folder, 'rules.json'), JSON.stringify(ruleTests()));
      const mounts = [
        `${path.join(checkout, MONITORING)}:/etc/prometheus`,
        `${path.join(folder, 'key')}:/run/secrets/parley-operator-key`,
        `${path.join(folder, 'rules.json')}:/tests/rules.json`,
      ].flatMap((mount) => ['--volume', `${mount}:ro`]);
      const promtool = (...args: string[]): Promise<string> =>
        docker('run', '--rm', ...mounts, '--entrypoint', '/bin/promtool', rule, ...args);
      expect(await promtool('check', 'config', '/etc/prometheus/prometheus.yml')).toContain(
        `${rules.length} rules found`,
      );
      expect(await promtool('test', 'rules', '/tests/rules.json')).toContain('SUCCESS');
    } finally {
      removeFolder(folder);
    }
  });
});

/** For promtool: what each rule is told each minute, and what comes of it just before its time and after it. */
function ruleTests(): object {
  const told: Readonly<Record<string, { series: string; values: string; labels: object; told: string }>> = {
    ExchangeDown: {
      series: 'up{job="parley",instance="a"}',
      values: '1 0x20',
      labels: { job: 'parley' },
      told: 'a does not answer',
    },
    ExchangeNotServing: {
      series: 'parley_ready{instance="a"}',
      values: '1 0x20',
      labels: {},
      told: 'a takes no commands; /health/ready says why',
    },
    ProjectionsLag: {
      series: 'parley_projection_lag_events{instance="a",shard="2"}',
      values: '100000 100001x20',
      labels: { shard: '2' },
      told: 'queries of a are 100001 events behind the log of shard 2',
    },
    NegotiatorsParked: {
      series: 'parley_parked_negotiators{instance="a",shard="2"}',
      values: '0 3x20',
      labels: { shard: '2' },
      told: '3 negotiators of a have failed too often and stand still',
    },
  };
  const tests = rules.map(({ alert, for: minutes = '0m' }) => {
    const { series, values, labels, told: summary } = told[alert] ?? { series: '', values: '', labels: {}, told: '' };
    const raisedAt = 1 + Number.parseInt(minutes, 10);
    const raised = { exp_labels: { instance: 'a', ...labels }, exp_annotations: { summary } };
    return {
      interval: '1m',
      input_series: [{ series, values }],
      alert_rule_test: [
        { eval_time: `${raisedAt - 1}m`, alertname: alert, exp_alerts: [] },
        { eval_time: `${raisedAt}m`, alertname: alert, exp_alerts: [raised] },
      ],
    };
  });
  return { rule_files: ['/etc/prometheus/alerts.yml'], evaluation_interval: '1m', tests };
}
