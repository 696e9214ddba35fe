/** What Prometheus and Grafana are told by infra/deploy. */
import { textOf, yamlOf } from './files.js';

export const MONITORING = 'infra/deploy';

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr: string }[];
}

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
}

export const dashboard = JSON.parse(textOf(`${MONITORING}/grafana/dashboards/parley.json`)) as {
  uid: string;
  panels: Panel[];
}; // of a file of our own
const [alerts] = yamlOf(`${MONITORING}/alerts.yml`) as [{ groups: { rules: Rule[] }[] }]; // likewise

export const rules: readonly Rule[] = alerts.groups.flatMap((group) => group.rules);

/** Every expression of the dashboard, and where it stands. */
export const panelQueries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => ({ where: `panel ${title}`, expr })),
);
