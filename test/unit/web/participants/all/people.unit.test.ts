import { describe, expect, it } from 'vitest';
import { People, type PeopleRow } from '../../../../../src/web/participants/all/people.js';
import { rollOf } from '../../../../../src/web/participants/all/roll.js';
import type { Source } from '../../../../../src/web/source/source.js';

const position = (participant: string, instrument: string, net = '1') => {
  return { participant, instrument, bought: net, sold: '0', net, cash: '-1' };
};

function textOf(row: PeopleRow): string {
  return row.kind === 'head'
    ? row.person.name
    : `${row.position.instrument} ${row.position.net}${row.isLast ? '.' : ''}`;
}

describe('people', () => {
  it('Positions are gathered under whoever has them, also where a page ends between them', () => {
    const people = new People();
    people.add([position('ada', 'ACME')]);
    people.add([position('ada', 'GLOBEX'), position('ben', 'ACME')]);
    people.add([{ participant: 'cleo' }, { participant: 'ada' }]);
    expect(people.rows('').map(textOf)).toEqual(['ada', 'ACME 1', 'GLOBEX 1.', 'ben', 'ACME 1.', 'cleo']);
    expect(people.count).toBe(3);
  });

  it('A position that comes again takes the place of the one before', () => {
    const people = new People();
    people.add([position('ada', 'ACME', '1')]);
    people.add([position('ada', 'ACME', '7')]);
    expect(people.rows('').map(textOf)).toEqual(['ada', 'ACME 7.']);
  });

  it('Whose name has the text in it is found, whatever its case', () => {
    const people = new People();
    people.add([{ participant: 'Ada' }, { participant: 'ben' }, { participant: 'nada' }]);
    expect(people.rows(' ADA ').map(textOf)).toEqual(['Ada', 'nada']);
    expect(people.rows('x')).toEqual([]);
  });
});

describe('the roll', () => {
  /** Stands in for a source with so many positions and open intentions; it has no other lists. */
  function sourceWith(positions: number, intentions: number): Source {
    const name = (index: number): string => `p${String(index).padStart(5, '0')}`;
    return {
      kind: 'file',
      positions: ({ after, limit = 100 }: Parameters<Source['positions']>[0]) => {
        const from = after === undefined ? 0 : Number(after.participant.slice(1)) + 1;
        const count = Math.max(0, Math.min(limit, positions - from));
        return Promise.resolve(Array.from({ length: count }, (_, index) => position(name(from + index), 'ACME')));
      },
      intentions: ({ after = '0', limit = 100 }: Parameters<Source['intentions']>[0]) => {
        const count = Math.max(0, Math.min(limit, intentions - Number(after)));
        return Promise.resolve(
          Array.from({ length: count }, (_, index) => ({ id: String(Number(after) + index + 1), participant: 'open' })),
        );
      },
    } as unknown as Source; // only its lists are asked for
  }

  it('Everybody with positions comes first, page by page, and then whoever has something open', async () => {
    const sizes: number[] = [];
    const people = new People();
    for await (const page of rollOf(sourceWith(2_500, 1_200), {})) {
      sizes.push(page.length);
      people.add(page);
    }
    expect(sizes).toEqual([1_000, 1_000, 500, 1_000, 200]);
    expect(people.count).toBe(2_501);
  });

  it('A list that ends with a full page is asked once more, and has ended then', async () => {
    const sizes: number[] = [];
    for await (const page of rollOf(sourceWith(1_000, 0), {})) sizes.push(page.length);
    expect(sizes).toEqual([1_000, 0, 0]);
  });
});
