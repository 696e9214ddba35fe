import { describe, expect, it } from 'vitest';
import type { Layout } from '../../../../../infra/kafka/local/layout.js';
import { nodeSettings } from '../../../../../infra/kafka/local/node-settings.js';

const ports = { client: 1, internal: 2, controller: 3, behindProxy: 4 };

function settingsOf(given: { nodes?: number; isAgain?: boolean; dataFolder?: string }): Record<string, string> {
  const { nodes = 1, isAgain = false, dataFolder = '/data' } = given;
  const layout: Layout = { folder: '/', security: 'none', nodes: Array(nodes).fill(ports), settings: {} };
  const text = nodeSettings(layout, { id: 1, ports, dataFolder, isAgain });
  return Object.fromEntries(text.split('\n').map((line) => line.split('=', 2))) as Record<string, string>;
}

describe('the settings of a local node', () => {
  it('The settings of a local node name a folder in the only letters that Java reads there', () => {
    expect(settingsOf({ dataFolder: '/Größe und Maß' })['log.dirs']).toBe('/Gr\\u00f6\\u00dfe und Ma\\u00df');
  });

  it('The settings of a local node let a node that is alone stand still for long, and miss its former process soon once it is started again', () => {
    const sessionMs = (given: { nodes?: number; isAgain?: boolean }): number =>
      Number(settingsOf(given)['broker.session.timeout.ms']);
    expect(sessionMs({})).toBeGreaterThanOrEqual(60_000);
    expect(sessionMs({ isAgain: true })).toBeLessThan(3_000);
    expect(sessionMs({ nodes: 3 })).toBe(9_000);
  });
});
