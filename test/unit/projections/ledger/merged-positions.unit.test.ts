import { expect, it } from 'vitest';
import { mergedPositions } from '../../../../projections/ledger/merged-positions.js';
import type { PositionView } from '../../../../projections/ledger/postings.js';

const held = (participant: string, instrument: string, bought: string, sold: string, net: string, cash: string) =>
  ({ participant, instrument, bought, sold, net, cash }) satisfies PositionView;

it('The merging of positions adds up what one participant has of one instrument in several shards, exactly, whatever the decimals', () => {
  const lists = [
    [held('alice', 'ACME', '10', '0.5', '9.5', '-90071992547409930.01')],
    [held('alice', 'ACME', '1.25', '2', '-0.75', '0.011'), held('alice', 'EMCA', '1', '0', '1', '-7')],
    [held('alice', 'ACME', '0', '8.75', '-8.75', '0')],
  ];
  expect(mergedPositions(lists)).toEqual([
    held('alice', 'ACME', '11.25', '11.25', '0.00', '-90071992547409929.999'),
    held('alice', 'EMCA', '1', '0', '1', '-7'),
  ]);
});

it('The merging of positions gives them in the order of the names, by code', () => {
  const names = mergedPositions([
    [held('bob', 'a', '1', '0', '1', '0'), held('bob', 'B', '1', '0', '1', '0')],
    [held('Zoe', 'C', '1', '0', '1', '0'), held('bob', 'A', '1', '0', '1', '0')],
  ]).map(({ participant, instrument }) => `${participant}/${instrument}`);
  expect(names).toEqual(['Zoe/C', 'bob/A', 'bob/B', 'bob/a']);
});
