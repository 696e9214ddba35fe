import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import type { Command } from 'commander';
import { verifyProof } from '../../../../../projections/audit/proof.js';
import { streamOf } from '../../../../events/event.js';
import { positionText } from '../../../../log/position-text.js';
import { messageOf } from '../../../../log/message-of.js';
import { anchorsOf } from '../../../../app/anchors/anchors.js';
import { anchorOption } from '../../../options/anchor-option.js';
import { alwaysJson } from './event-printer.js';
import { ExitCode, Failure, failure } from '../../../../app/exit.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

interface VerifyOptions {
  readonly anchor: readonly string[];
}

export function logVerifyVerb(terminal: Terminal): Command {
  return new Verb('verify')
    .description(
      'Checks what `parley log prove` printed against an anchor that you trust, and prints the events that it proves. Exit code 3 if it ' +
        'does not hold. It takes no log. A proof without an anchor proves nothing: anybody can make one.',
    )
    .argument('<proof>', 'a file; `-` is stdin')
    .addOption(anchorOption('--anchor <anchor|file>', 'what it must lead to').makeOptionMandatory())
    .addOption(alwaysJson())
    .examples(['parley log verify proof.jsonl --anchor anchors.txt', 'against anchors that were kept'])
    .action(async (file: string, options: VerifyOptions) => {
      const anchors = anchorsOf(options.anchor, (text) => terminal.warn(text));
      const found = verifyProof(await terminal.interruptible(proofIn(file)), anchors);
      if ('reasons' in found) {
        for (const reason of found.reasons) terminal.error(reason);
        throw new Failure(ExitCode.Violated, `${file}: the proof does not hold`);
      }
      const { events, firstPosition, shard, anchor } = found;
      for (const [index, event] of events.entries()) {
        await terminal.out.json({ position: firstPosition + index, stream: streamOf(event, shard), ...event });
      }
      await terminal.deliver();
      const last = firstPosition + events.length - 1;
      terminal.note(
        `proved: the events at positions ${positionText(firstPosition, shard)} to ${positionText(last, shard)}, by the anchor ${anchor}`,
      );
    });
}

async function proofIn(file: string): Promise<string> {
  if (file === '-') return textOfStream(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw failure(`${file}: cannot be read: ${messageOf(cause)}`, cause);
  }
}
