import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import { StoreRoom } from '../../../../src/app/threads/store-room.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

const MEBIBYTE = 1 << 20;
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  removeFolder(folder);
});

it('A store’s room is tight when less is left than the log is to have, and enough again when as much is there as it had', () => {
  const file = path.join(folder, 'queries.db');
  new QueryStore(file).close();
  const bytes = fs.readdirSync(folder).reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0);
  let freeBytes = 64 * MEBIBYTE;
  const room = new StoreRoom(file, () => ({ bytes: 100_000 * MEBIBYTE, freeBytes }));
  expect(room.isTight).toBe(false);
  freeBytes--;
  expect(room.isTight).toBe(true);
  room.giveUp();
  expect(fs.readdirSync(folder)).toEqual([]);
  freeBytes = 128 * MEBIBYTE + bytes - 1;
  expect(room.isEnough).toBe(false);
  freeBytes++;
  expect(room.isEnough).toBe(true);
});

it('A store on a small disk leaves a twentieth of it, and one on a disk that nobody knows is left alone', () => {
  let freeBytes = MEBIBYTE;
  const room = new StoreRoom('/nowhere/queries.db', () => ({ bytes: 20 * MEBIBYTE, freeBytes }));
  expect(room.isTight).toBe(false);
  freeBytes--;
  expect(room.isTight).toBe(true);
  expect(new StoreRoom(path.join(folder, 'is', 'not', 'there', 'queries.db')).isTight).toBe(false);
});
