import type { Command } from 'commander';
import { type CompletedOption, type CompletedVerb, completionTree, everyVerb, type Values } from './completion-tree.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that makes a shell complete the program. */
export function completionScript(shell: Shell, program: Command): string {
  const tree = completionTree(program);
  switch (shell) {
    case 'bash':
      return bashScript(program.name(), tree);
    case 'zsh':
      return zshScript(program.name(), tree);
    case 'fish':
      return fishScript(program.name(), tree);
  }
}

/** In single quotes, for bash and zsh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `/log/cat`: how the scripts call a verb. */
function placeOf({ words }: CompletedVerb): string {
  return words.map((word) => `/${word}`).join('');
}

/** One line of a `case`, for each verb that has something to say. */
function cases(tree: CompletedVerb, line: (verb: CompletedVerb) => string | undefined): string[] {
  return [...everyVerb(tree)].map(line).filter((text) => text !== undefined);
}

function verbPatterns(tree: CompletedVerb): string {
  const verbs = [...everyVerb(tree)].slice(1);
  return verbs.map((verb) => quoted(placeOf(verb))).join('|');
}

/** One line for each option whose values are known. */
function valueCases(tree: CompletedVerb, line: (patterns: string, values: Values) => string | undefined): string[] {
  return [...everyVerb(tree)].flatMap((verb) =>
    verb.options
      .filter(({ takesValue }) => takesValue)
      .map(({ flags, values }) => line(flags.map((flag) => quoted(`${placeOf(verb)} ${flag}`)).join('|'), values))
      .filter((text) => text !== undefined),
  );
}

const bashValues = (values: Values): string => {
  if (values === 'files') return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur"))';
  if (values === 'folders') return 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur"))';
  return values === undefined ? ':' : `COMPREPLY=($(compgen -W ${quoted(values.join(' '))} -- "$cur"))`;
};

function bashScript(name: string, tree: CompletedVerb): string {
  const words = (verb: CompletedVerb): Values => (verb.verbs.length > 0 ? verb.verbs.map(lastWord) : verb.values);
  const flags = (verb: CompletedVerb): string[] => verb.options.flatMap((option) => option.flags);
  return `# bash completion for ${name}: source <(${name} completion bash)
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$verb/\${COMP_WORDS[i]}" in
      ${verbPatterns(tree)}) verb="$verb/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$verb $prev" in
${valueCases(tree, (patterns, values) => `    ${patterns}) ${bashValues(values)}; return ;;`).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case "$verb" in
${cases(tree, (verb) => `      ${quoted(placeOf(verb))}) ${bashValues(flags(verb))} ;;`).join('\n')}
    esac
    return
  fi
  case "$verb" in
${cases(tree, (verb) => `    ${quoted(placeOf(verb))}) ${bashValues(words(verb))} ;;`).join('\n')}
  esac
}
complete -F _${name} ${name}
`;
}

function lastWord({ words }: CompletedVerb): string {
  return words.at(-1) ?? '';
}

/** `name:what it is`, as _describe wants it. */
function described(name: string, says: string): string {
  return quoted(`${name.replaceAll(':', '\\:')}:${says.replaceAll(':', '\\:')}`);
}

const zshValues = (values: Values): string => {
  if (values === 'files') return '_files';
  if (values === 'folders') return '_files -/';
  return values === undefined ? ':' : `compadd -- ${values.map((value) => quoted(value)).join(' ')}`;
};

function zshScript(name: string, tree: CompletedVerb): string {
  const flags = ({ options }: CompletedVerb): string =>
    options.flatMap((option) => option.flags.map((flag) => described(flag, option.says))).join(' ');
  const words = (verb: CompletedVerb): string => {
    if (verb.verbs.length === 0) return zshValues(verb.values);
    const items = verb.verbs.map((below) => described(lastWord(below), below.says)).join(' ');
    return `items=(${items}); _describe verb items`;
  };
  return `#compdef ${name}
_${name}() {
  local verb='' i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    case "$verb/\${words[i]}" in
      (${verbPatterns(tree)}) verb="$verb/\${words[i]}" ;;
    esac
  done
  case "$verb \${words[CURRENT-1]}" in
${valueCases(tree, (patterns, values) => `    (${patterns}) ${zshValues(values)}; return ;;`).join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    case "$verb" in
${cases(tree, (verb) => `      (${quoted(placeOf(verb))}) items=(${flags(verb)}) ;;`).join('\n')}
    esac
    _describe -o option items
    return
  fi
  case "$verb" in
${cases(tree, (verb) => `    (${quoted(placeOf(verb))}) ${words(verb)} ;;`).join('\n')}
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function fishScript(name: string, tree: CompletedVerb): string {
  const lines = [...everyVerb(tree)].flatMap((verb) => fishLines(name, verb));
  return `# fish completion for ${name}\ncomplete -c ${name} -f\n${lines.join('\n')}\n`;
}

function fishLines(name: string, verb: CompletedVerb): string[] {
  const seen = verb.words.map((word) => `__fish_seen_subcommand_from ${word}`);
  const belowNames = verb.verbs.map(lastWord).join(' ');
  const notBelow = belowNames === '' ? [] : [`not __fish_seen_subcommand_from ${belowNames}`];
  const start = `complete -c ${name} -n ${fishQuoted([...seen, ...notBelow].join('; and '))}`;
  const below = verb.verbs.map((one) => `${start} -a ${lastWord(one)} -d ${fishQuoted(one.says)}`);
  const options = verb.options.map((option) => `${start} ${fishFlags(option)} -d ${fishQuoted(option.says)}`);
  const values = verb.verbs.length === 0 ? fishValues(verb.values) : undefined;
  return [...below, ...options, ...(values === undefined ? [] : [`${start} ${values}`])];
}

function fishFlags({ flags, takesValue, values }: CompletedOption): string {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  if (!takesValue) return named.join(' ');
  return [...named, '-r', fishValues(values) ?? ''].join(' ').trimEnd();
}

function fishValues(values: Values): string | undefined {
  if (values === 'files') return '-F';
  if (values === 'folders') return `-a '(__fish_complete_directories)'`;
  return values === undefined ? undefined : `-a ${fishQuoted(values.join(' '))}`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
