import { expect, it } from 'vitest';
import { SqlDatabase } from '../../../../../projections/store/database/database.js';
import {
  auctionColumns,
  instrumentColumns,
  openDealColumns,
  schema,
} from '../../../../../projections/store/database/schema.js';

it.each([
  ['instruments', instrumentColumns],
  ['open_deals', openDealColumns],
  ['auctions', auctionColumns],
])('The code names the columns of the table %s in the order in which they stand there', (table, columns) => {
  const database = new SqlDatabase(':memory:');
  database.exec(schema);
  const inTable = database.rows(`SELECT name FROM pragma_table_info('${table}') ORDER BY cid`).flat();
  expect(inTable).toEqual(columns.map((column) => column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
  database.close();
});
