import { Argument, Command } from 'commander';
import { completionScript, shells, type Shell } from './completion-script.js';
import { examples } from './options.js';
import type { Terminal } from './terminal/terminal.js';

export function completionVerb(terminal: Terminal): Command {
  return new Command('completion')
    .summary('prints a completion script for a shell')
    .description('Prints a script that makes a shell complete verbs, options and files of parley.')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText(
      'after',
      examples(
        ['source <(parley completion bash)', 'in this bash'],
        ['parley completion zsh > "${fpath[1]}/_parley"', 'for every zsh'],
        ['parley completion fish > ~/.config/fish/completions/parley.fish', 'for every fish'],
      ),
    )
    .action(async (shell: Shell, _options: object, command: Command) => {
      await terminal.out.write(completionScript(shell, command.parent ?? command));
    });
}
