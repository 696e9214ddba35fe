/** `docs/internals/log-format.md`: what stands in a folder's log, byte by byte, with a small one that was really written. */
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { MemoryFolder } from '../../support/disk/memory-folder.js';
import { fence, paragraphs, table } from '../markdown.js';
import { readSegment } from '../plain-reader.js';

const intro = `Enough to write a reader in another language. [test/documents/plain-reader.ts](../../test/documents/plain-reader.ts) is one, written from this page
and the [table of events](../reference/events.md), and a test holds it against the real one. The format keeps its meaning permanently: what has
once been written stays readable.`;

const files = `One folder a shard; of a folder that several share, each has its own in it, \`shard-0\`, \`shard-1\` and so on, beside \`shards.json\`, which says how
many there are: \`{"shards":2}\`. All integers are unsigned and little-endian; a CRC is CRC-32 as in zlib and PNG (polynomial 0xEDB88320); both headers have 32
bytes.

- \`<first position, 20 digits>-<epoch, 6 or more digits>.log\` is a **segment**: one segment header, then frames back to back,
  and behind them, while it is written or when its writer was killed, zeros.
- \`writer-<epoch, 6 or more digits>.json\` is a **claim**: the writer of that epoch has opened the log.
- \`*.tmp\` and \`*.cut\` are a segment being made, and what a repair cut off: no part of the log. Snapshots and query stores lie in folders of
  their own; they are made from the log, and can be deleted.`;

const segmentHeader = [
  ['0', '8', '`89 50 41 52 4c 45 59 0a`, which is `\\x89PARLEY\\n`'],
  ['8', '4', 'format version, 1'],
  ['12', '4', 'shard'],
  ['16', '8', 'position of the first event, as in the name'],
  ['24', '4', 'epoch, as in the name'],
  ['28', '4', 'CRC of bytes 0 to 27'],
] as const;

const frameHeader = [
  ['0', '4', '`fe 50 46 31`'],
  ['4', '4', 'epoch, as in the segment header'],
  ['8', '8', 'position of the frame’s first event: where the frame before it ended'],
  ['16', '4', 'count of events, 1 or more'],
  ['20', '4', 'length of the payload in bytes, 1 or more'],
  ['24', '4', 'CRC of the payload'],
  ['28', '4', 'CRC of bytes 0 to 27'],
  ['32', '', 'payload: the events’ canonical bytes, in order'],
] as const;

const frames = `A frame is a batch: one append, written whole and synced before the next one is begun. A segment is created under another name and renamed
once its header is synced, so its header is never torn.

**Zeros are the end.** A writer makes room ahead: zeros behind the last frame, which the next frames are written over, because a sync of what
changes neither a file's length nor its blocks is quicker. So a segment whose writer is at work, or was killed, may be longer than its frames, by
1 MiB at most and never by more than what stands before it or 4 KiB. The room is cut off, durably, before another segment follows, when the log is
closed, and by the next writer after a crash. So a segment that is followed by another one of its epoch, or was closed, ends with its last
frame. Only one whose writer somebody took over from may keep its room for good; frames of a fenced writer may stand there, as anywhere past
the limit.

Versions that made no room read all this: a segment that was closed is as it always was, and in one that was not they take the zeros for a
torn tail, which they do not read, and cut back when they write. Only a frame that was torn within the room, by a loss of power, is damage to
them: they refuse to open the log until a version that knows of room has opened it once.`;

const events = `An event has exactly one encoding, so that digests can be compared; anything else is damage.

1. **Control word**, 32 bits. The low 8 bits are the event's code, which names its type and its version. Then come 3 bits for each of up to
   eight **grouped** integers, their length in bytes less one. Bits of integers that the event does not have are zero.
2. **Grouped integers**: the first eight fields of the kind integer, in the order of the table, little-endian, without leading zeros (0 is one
   byte). No integer is larger than 2^53−1.
3. **Everything else**, in the order of the table: a choice is one byte, the place of its name in the list, from 0 on; a flag one byte, 0 or 1; a
   text its length in bytes as LEB128 and then UTF-8; a digest 32 bytes; an integer beyond the eighth LEB128, without needless bytes.`;

const seal = `The last event of a batch is a \`BatchSealed\`, and no other is. Its digest is SHA-256 over the digest of the batch before it and the canonical
bytes of the batch's other events. Before the first batch stand 32 zero bytes. So one digest stands for all the log before it; an
**anchor** is a position and the digest of the batch that ends there.`;

const counting = `1. Order the segments by epoch, then by first position. Leave out those that hold a header alone, except the last.
2. The first one begins at position 0. A segment ends where the next one of its epoch begins; the last one of its epoch at the *limit*, the first
   position of the next newer epoch; the last of all with its last whole frame.
3. Frames at or past the limit were written by a writer that had been fenced. They are no part of the log.`;

const torn = `A crash can only hurt the one frame that was being written. A tail is **torn** when no whole frame stands anywhere behind the place where the next
one must begin, and the frame is short (the file ends within it, or nothing but zeros stands where its last 8 bytes or more must be), or has lost
blocks (an aligned sector of 512 bytes of it is all zero). A reader stops before it, the next writer cuts it back. All else is **damage**, of
which a reader names file, frame and byte. Who reads while another process writes may see a frame in any part: it is damage only if it still
looks so when nothing changes any more.
[tail.ts](../../infra/embedded/segments/tail.ts) has the rule to the byte.`;

const claims = `A claim is created where there was none, synced before its writer reads where the log ends, and never removed: that is how a newer
writer fences an older one, which looks for the next epoch's claim after each sync. It holds lines of JSON: who claimed and how far the log reached
before that, then a note for each segment that the writer made, one when it closes, and one for a repair. An empty claim decides nothing.
A reader of events needs none of this. [claim.ts](../../infra/embedded/claims/claim.ts) has the rules. The claim of the log below:`;

const NOW_MS = Date.parse('2026-01-05T09:00:00Z');

export async function logFormatPage(): Promise<string> {
  const folder = await tinyLog();
  const named = (end: string): string => folder.names.find((name) => name.endsWith(end)) ?? '';
  const [segment, claim] = [named('.log'), named('.json')];
  return paragraphs(
    '# The format of a log',
    intro,
    '## The folder',
    files,
    '## Segments',
    table(['byte', 'length', 'segment header'], segmentHeader),
    table(['byte', 'length', 'frame header'], frameHeader),
    frames,
    '## Events',
    events,
    '## The seal',
    seal,
    '## Which frames count',
    counting,
    '## Torn tails and damage',
    torn,
    '## Claims',
    claims,
    fence('text', folder.bytes(claim).toString()),
    '## A small log',
    `An exchange was opened, listed an instrument, and took one intention. Its only segment, \`${segment}\`, byte by byte:`,
    fence('text', listing(folder.bytes(segment))),
  );
}

/** The folder of a log, in memory, with a clock that stands still. */
async function tinyLog(): Promise<MemoryFolder> {
  const memory = new MemoryFolder();
  const log = new EmbeddedLog({ ...memory.options, folder: memory.path });
  const exchange = await Exchange.open(log, { clock: () => NOW_MS });
  await exchange.list({ symbol: 'ACME', tickSize: '0.05', lotSize: '1' });
  const terms = { instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100' } as const;
  await exchange.post({ clientIntentionId: 'a-1', participant: 'alice', ...terms });
  await exchange.close();
  return memory;
}

const BYTES_A_LINE = 8;

/** Each piece on lines of its own: where it begins, its bytes, and what it says. */
function listing(bytes: Uint8Array): string {
  const lines: string[] = [];
  const tell = (at: number, length: number, says: string): void => {
    for (let from = at; from < at + length; from += BYTES_A_LINE) {
      const some = [...bytes.subarray(from, Math.min(at + length, from + BYTES_A_LINE))];
      const shown = some.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      const place = from.toString(16).padStart(4, '0');
      lines.push(`${place}  ${shown.padEnd(3 * BYTES_A_LINE)} ${from === at ? says : ''}`.trimEnd());
    }
    if (/^CRC of (bytes|the header)|^digest/.test(says)) lines.push('');
  };
  Array.from(readSegment(bytes, tell));
  return lines.join('\n').trimEnd();
}
