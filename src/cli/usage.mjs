// How the scripts behind `npm run` are called: they answer `--help`, and refuse what they have no option for.
import { parseArgs } from 'node:util';

/**
 * The arguments of a script, as parseArgs reads them. Where help is asked for, prints `usage` and ends the process with exit code 0; where
 * there is something in them that it does not take, says so, and ends with 2.
 */
export function argumentsOf(usage, { options = {}, ...config } = {}) {
  const help = { type: 'boolean', short: 'h' };
  try {
    const parsed = parseArgs({ ...config, options: { ...options, help } });
    if (parsed.values.help !== true) return parsed;
    process.stdout.write(usage);
    return process.exit(0);
  } catch (error) {
    return refuse(error.message, usage);
  }
}

/** Says what is wrong with the arguments and how the script is called, and ends the process with exit code 2. */
export function refuse(says, usage) {
  process.stderr.write(`${says}\n\n${usage}`);
  return process.exit(2);
}
