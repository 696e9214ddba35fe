import { Command, Option } from 'commander';
import { WHERE_IT_LOOKS } from './where-it-looks.js';
import { inOptions } from './in-options.js';
import { addLogOptions, type LogOptionsUse } from './logs/log-options.js';
import { atOption, jsonOption, keyOption, outputOption, settingOption, urlOption } from './options.js';

/** A verb of the command line: a command with the options that several verbs share, and with examples in its help. */
export class Verb extends Command {
  /** Its examples: command lines, and what each does. */
  readonly shown: (readonly [command: string, says: string])[] = [];

  /** What the exchange refuses is told in the words of the options. */
  override action(work: Parameters<Command['action']>[0]): this {
    return super.action(async (...args) => {
      try {
        await work.apply(this, args);
      } catch (error) {
        throw inOptions(error, this);
      }
    });
  }

  /** Which log the verb works on. */
  logOptions(use?: LogOptionsUse): this {
    return addLogOptions(this, use);
  }

  /** An option with one of a few values; `otherwise` is the one that it has unless given. */
  choice(flags: string, says: string, values: readonly string[], otherwise?: string): this {
    return this.addOption(new Option(flags, says).choices(values).default(otherwise));
  }

  /** An option that operators set: also by a variable of the environment, which its help names. */
  setting(flags: string, says: string, parse?: (text: string) => unknown, otherwise?: string | number): this {
    return this.addOption(settingOption(flags, says, parse).default(otherwise));
  }

  /** Where the exchange runs, and the key to use there. */
  serverOptions(): this {
    return this.addOption(urlOption()).addOption(keyOption());
  }

  /** How it prints what it has found; `json` says what --json is of this verb. */
  outputOptions(json?: string): this {
    return this.addOption(outputOption()).addOption(jsonOption(json));
  }

  /** For a verb that asks a running exchange, or reads a log: up to its head, or up to a position. */
  lookOptions(): this {
    this.addHelpText('after', WHERE_IT_LOOKS);
    return this.logOptions().addOption(atOption()).serverOptions().outputOptions();
  }

  /** What the help ends with: command lines, and what each does. */
  examples(...lines: readonly (readonly [command: string, says: string])[]): this {
    const width = Math.max(...lines.map(([command]) => command.length));
    this.shown.push(...lines);
    const shown = lines.map(([command, says]) => `  ${command.padEnd(width)}  # ${says}`);
    return this.addHelpText('after', `\nExamples:\n${shown.join('\n')}`);
  }
}
