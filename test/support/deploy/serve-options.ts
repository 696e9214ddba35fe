/** The settings of `parley serve`, by option and by environment: asked of the command line itself. */
import { PassThrough } from 'node:stream';
import { serveVerb } from '../../../src/cli/verbs/serve.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';

const terminal = new Terminal({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} });
const { options } = serveVerb(terminal);

/** Names in the environment that serve heeds. */
export const serveSettings: readonly string[] = options.flatMap(({ envVar }) => envVar ?? []);

/** Its options, each with its leading dashes. */
export const serveFlags: readonly string[] = options.flatMap(({ long }) => long ?? []);

/** The port that it listens on by default. */
export const servePort = Number(options.find(({ long }) => long === '--port')?.defaultValue);
