// A page that uses the client, in TypeScript: without the types of Node. It is compiled and not run.
import { type Book, ParleyClient } from 'parley-exchange/client';

export function show(url: string, into: { textContent: string | null }): Promise<void> {
  const client = new ParleyClient({ url, fetch: (input, init) => fetch(input, init) });
  return client.book('ACME').then((book: Book) => {
    into.textContent = book.bids.map(({ price, quantity }) => `${price} ${quantity}`).join('\n');
  });
}
