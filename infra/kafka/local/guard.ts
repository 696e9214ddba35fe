import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Waits for the end of its input, which comes with the end of the process that holds the other side, however that ends. Then it
 * kills process $1, if $2 is still on its command line, and removes folder $3, if there is one.
 */
const SCRIPT = `
cat > /dev/null
if { cat "/proc/$1/cmdline" || ps -o args= -p "$1"; } 2> /dev/null | grep -qaF -e "$2"; then kill -KILL "$1"; fi
if [ -n "$3" ]; then sleep 1; rm -rf "$3"; fi
`;

export interface Guarded {
  readonly pid: number;
  /** Text on its command line by which it is told apart from a later process with the same pid. */
  readonly mark: string;
  /** Removed a second after it was killed. */
  readonly folder: string | undefined;
}

/** Sees to it that a process does not outlive this one. Returns what calls that off. */
export function guard({ pid, mark, folder }: Guarded): () => void {
  const script = spawn('sh', ['-c', SCRIPT, 'guard', `${pid}`, mark, folder ?? ''], {
    detached: true, // the terminal's interrupt is not for it
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  script.once('error', () => undefined); // without a shell there is no guard
  script.unref();
  // A pipe between processes is a socket here, and must not keep this process alive.
  if (script.stdin instanceof Socket) script.stdin.unref();
  return () => script.kill('SIGKILL');
}
