import { Argument, type Command } from 'commander';
import { completionScript, shells, type Shell } from '../completion/completion-script.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

export function completionVerb(terminal: Terminal): Command {
  return new Verb('completion')
    .description('Prints a script that makes a shell complete verbs, options and files of parley.')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .examples(
      ['source <(parley completion bash)', 'in this bash'],
      ['parley completion zsh > "${fpath[1]}/_parley"', 'for every zsh'],
      ['parley completion fish > ~/.config/fish/completions/parley.fish', 'for every fish'],
    )
    .action(async (shell: Shell, _options: object, command: Command) => {
      await terminal.out.write(completionScript(shell, command.parent ?? command));
    });
}
