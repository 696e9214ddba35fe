const ANSWERS_MEANWHILE = 25;

/**
 * Resolves once `count` has stood still while the server answered so many requests on other connections: whatever could go on has had
 * its turns. Rejects when it goes on beyond `most`.
 */
export async function standingStill(url: string, count: () => number, most: number): Promise<void> {
  let before = Number.NaN;
  while (count() !== before) {
    before = count();
    if (before > most) throw new Error(`it went on beyond ${most}`);
    for (let asked = 0; asked < ANSWERS_MEANWHILE; asked++) await (await fetch(`${url}/health/live`)).text();
  }
}
