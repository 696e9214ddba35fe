import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the load: it is asked one thing at a time. */
export interface Helper {
  ask(question: object): Promise<Readonly<Record<string, number>>>;
  end(): void;
}

/** Starts the program of this name that lies beside this one. */
export async function startHelper(program: string): Promise<Helper> {
  const file = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return {
    ask: async (question) => {
      child.send(question);
      const [answer] = (await once(child, 'message')) as [Readonly<Record<string, number>>]; // `answerAll` sends these alone
      return answer;
    },
    end: () => void child.kill('SIGKILL'),
  };
}

/** In the started process: answers every question of its parent. */
export function answerAll(answer: (question: unknown) => Promise<Readonly<Record<string, number>>>): void {
  process.on('message', (question) => {
    void answer(question).then((told) => process.send?.(told));
  });
  process.on('disconnect', () => process.exit());
  process.send?.({});
}
