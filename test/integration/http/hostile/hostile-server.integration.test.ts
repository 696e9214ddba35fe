import { PassThrough } from 'node:stream';
import type { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../../src/cli/program.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';
import { hostileServer } from '../../../support/cli/hostile-server.js';
import { runInProcess } from '../../../support/cli/in-process.js';
import { appOf, openMarket } from '../../../support/http/market.js';
import type { OpenApiDocument } from '../../../support/http/openapi/openapi-document.js';

/** Everything that drives a terminal, breaks a line, or turns the order of what is shown around. */
const dangerous = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, code) => 0x7f + code),
  ...[0x2028, 0x2029, 0x061c, 0x200e, 0x200f],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));
const hostileText = `\u001b[2J\u001b]0;owned\u0007\u001b[31mred${dangerous.join('x')}`;
/** Line ends are the verb's own. */
const forbidden = new RegExp(
  `[${dangerous
    .filter((each) => each !== '\n')
    .join('')
    .replace(/[\\\]^-]/g, '\\$&')}]`,
  'u',
);

/** Every verb that asks a server, with what it needs to be given. */
async function askingVerbs(): Promise<string[][]> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough(), env: {} };
  const walk = (command: Command, path: readonly string[]): string[][] => {
    const own = command.options.some(({ long }) => long === '--url') ? [[...path, ...needsOf(command)]] : [];
    return [...own, ...command.commands.flatMap((each) => walk(each, [...path, each.name()]))];
  };
  return walk(await createProgram(new Terminal(streams), '0.0.0'), []);
}

function needsOf(command: Command): string[] {
  const { registeredArguments, options } = command;
  const mandatory = options.filter(
    (option) => option.mandatory || ['--tick-size', '--lot-size', '--price'].includes(option.long ?? ''),
  );
  const valueOf = ({ argChoices }: Option | Argument): string => argChoices?.[0] ?? '1';
  // The symbol would only choose among what the server answers, and it answers with none of that name.
  const needed = command.name() === 'instruments' ? [] : registeredArguments;
  return [...needed.map(valueOf), ...mandatory.flatMap((each) => [each.long ?? '', valueOf(each)])];
}

describe('what a hostile server says', () => {
  it('What a hostile server says never reaches the terminal of any verb as it is, and with --json is exact JSON without it', async () => {
    const document = (await appOf(await openMarket()).inject('/openapi.json')).json<OpenApiDocument>();
    const verbs = await askingVerbs();
    expect(verbs.length).toBeGreaterThan(8);
    for (const refuses of [false, true]) {
      const url = await hostileServer(document, { text: hostileText, refuses });
      for (const verb of verbs) {
        const args = [...verb, '--url', url];
        const { stdout, stderr, code } = await runInProcess(args);
        expect(stdout + stderr, args.join(' ')).not.toMatch(forbidden);
        expect(stdout + stderr, args.join(' ')).not.toMatch(/\n +at /);
        expect(code, args.join(' ')).toBe(refuses ? 1 : 0);
        if (refuses) continue;
        const exact = await runInProcess([...args, '--json']);
        expect(exact.stdout, args.join(' ')).not.toMatch(forbidden);
        const values = exact.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as object);
        if (verb[0] === 'health') continue; // it says yes or no alone
        expect(JSON.stringify(values), args.join(' ')).toContain(JSON.stringify(hostileText).slice(1, -1));
      }
    }
  });
});
