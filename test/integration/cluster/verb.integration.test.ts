import { describe, expect, it } from 'vitest';
import { runInProcess } from '../../support/cli/in-process.js';
import { serveMember } from '../../support/cluster/http-members.js';
import { TestCluster } from '../../support/cluster/members.js';

describe('parley cluster', () => {
  it('`parley cluster` shows members and shards as the one that is asked sees them, as tables and as JSON', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [await serveMember(cluster, 'a'), await serveMember(cluster, 'b')];
    await cluster.ready(a, b);
    const text = await runInProcess(['cluster', '--url', b.url]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^a +serving +1 +[\d,]+ ms ago +\S+Z +http:\/\/127\.0\.0\.1:\d+$/m);
    expect(text.stdout).toMatch(/^b \(answers\) +serving +1 +\S+Z +http:\/\/127\.0\.0\.1:\d+$/m);
    expect(text.stdout).toMatch(/^ +0 +[ab] +serving +\d+ +0\/\d+ +\S+Z$/m);
    expect(text.stdout).toMatch(/^ +1 +[ab] +serving +\d+ +1\/\d+ +\S+Z$/m);
    const json = await runInProcess(['cluster', '--url', a.url, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ self: 'a', members: [{ member: 'a' }, { member: 'b' }] });
  });

  it('`parley cluster` shows why a shard cannot be opened, as long as it cannot', async () => {
    const cluster = new TestCluster(1);
    const a = await serveMember(cluster, 'a');
    a.refuseToOpen = new Error('its front is gone');
    await cluster.time.passUntil(() => expect(a.member.trouble()).toContain('its front is gone'));
    expect((await runInProcess(['cluster', '--url', a.url])).stdout).toMatch(
      / (stopped|opening) .*its front is gone$/m,
    );
    a.refuseToOpen = undefined;
    await cluster.ready(a);
    const { stdout } = await runInProcess(['cluster', '--url', a.url]);
    expect(stdout).toMatch(/ serving /);
    expect(stdout).not.toContain('reason');
  });

  it('`parley cluster` says in a line when nobody answers', async () => {
    const { code, stdout, stderr } = await runInProcess(['cluster', '--url', 'http://127.0.0.1:9']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('error: ');
  });
});
