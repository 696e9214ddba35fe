import { expect, it } from 'vitest';
import { sourceOf } from '../../../../../src/web/workers/log-file/handlers.js';
import { Scene } from '../../../projections/audit/scene.js';
import { fileOf, linesOf, openFile } from './exported.js';

it('An intention that is withdrawn while a deal holds some of it is told once at each moment, with what is held until that is settled', async () => {
  const scene = new Scene();
  const [seller, buyer] = scene.pair(10);
  const deal = scene.propose(seller, buyer, 1020, 4);
  scene.accept(seller, deal, 4);
  const withdrawn = scene.withdraw(seller);
  scene.confirm(seller, deal, 4);
  const settled = scene.settle(seller, seller, deal, 4);
  scene.settle(buyer, seller, deal, 4);
  const source = sourceOf(await openFile(fileOf(linesOf(scene.batches()))));
  const told = async (at: number): Promise<object[]> => {
    const all = await source.intentions({ at, status: 'withdrawn' });
    expect(await source.intention(String(seller), { at })).toEqual(all[0]);
    return all.map(({ id, reserved, filled, open }) => ({ id, reserved, filled, open }));
  };
  const [id, held] = [String(seller), '4'];
  expect(await told(withdrawn + 1)).toEqual([{ id, reserved: held, open: held, filled: '0' }]);
  expect(await told(settled)).toEqual([{ id, reserved: held, open: held, filled: '0' }]);
  expect(await told(settled + 1)).toEqual([{ id, reserved: '0', open: '0', filled: held }]);
});
