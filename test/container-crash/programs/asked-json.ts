/** What was asked in a container, as JSON: handed over when all is over, and put together here. */
import type { Change, Post } from '../../crash/answers.js';
import { Asked, type Command } from '../../cluster-crash/checks/asked.js';

interface ShardJson {
  readonly posts: readonly Post[];
  readonly changes: readonly Change[];
  /** Position and type. */
  readonly seen: readonly (readonly [number, string])[];
  readonly findings: readonly string[];
  readonly acknowledged: number;
}

/** Posts by their client ids, changes by their places among those of their shard. */
type ExpectedJson =
  | { readonly kind: 'post'; readonly id: string }
  | { readonly kind: 'change'; readonly shard: number; readonly at: number }
  | { readonly kind: 'deadLetter' };

type CommandJson = Omit<Command, 'expected'> & { readonly expected: ExpectedJson };

export interface AskedJson {
  readonly shards: readonly ShardJson[];
  readonly commands: readonly CommandJson[];
}

export function askedJson({ perShard, commands }: Asked): AskedJson {
  const places = new Map<Change, { shard: number; at: number }>();
  for (const [shard, { changes }] of perShard.entries())
    for (const [at, change] of changes.entries()) places.set(change, { shard, at });
  const jsonOf = ({ expected, ...rest }: Command): CommandJson => {
    if (expected.kind === 'post')
      return { ...rest, expected: { kind: 'post', id: expected.post.intention.clientIntentionId } };
    if (expected.kind === 'deadLetter') return { ...rest, expected };
    const place = places.get(expected.change);
    if (place === undefined) throw new Error(`command ${rest.id} is of a change that nobody asked for`);
    return { ...rest, expected: { kind: 'change', ...place } };
  };
  return {
    shards: perShard.map(({ posts, changes, seen, findings, acknowledged }) => ({
      posts: [...posts.values()],
      changes,
      seen: [...seen],
      findings,
      acknowledged,
    })),
    commands: commands.map(jsonOf),
  };
}

/** What several have asked, as if one had. A post that several have asked for is one; what one of them was answered holds. */
export function askedOf(shards: number, parts: readonly AskedJson[]): Asked {
  const asked = new Asked(shards);
  for (const part of parts) {
    const changes = part.shards.map((shard, number) => addShard(asked, number, shard));
    for (const { expected, ...rest } of part.commands) {
      if (expected.kind === 'deadLetter') asked.commands.push({ ...rest, expected });
      else if (expected.kind === 'post')
        asked.commands.push({ ...rest, expected: { kind: 'post', post: postIn(asked, expected.id) } });
      else asked.commands.push({ ...rest, expected: { kind: 'change', change: changeIn(changes, expected) } });
    }
  }
  return asked;
}

/** Returns its changes, in their order. */
function addShard(asked: Asked, number: number, shard: ShardJson): readonly Change[] {
  const answers = asked.ofShard(number);
  for (const json of shard.posts) {
    const post = answers.posts.get(json.intention.clientIntentionId) ?? asked.posting(json.intention);
    if (json.state === 'unknown') continue;
    post.state = json.state;
    post.answer = json.answer;
    if (json.refusal !== undefined) post.refusal = json.refusal;
  }
  const changes = shard.changes.map((change) => ({ ...change }));
  answers.changes.push(...changes);
  answers.findings.push(...shard.findings);
  for (const [position, type] of shard.seen) answers.saw(position, type);
  answers.acknowledged += shard.acknowledged;
  return changes;
}

function postIn(asked: Asked, id: string) {
  for (const { posts } of asked.perShard) {
    const post = posts.get(id);
    if (post !== undefined) return post;
  }
  throw new Error(`there is no post ${id}`);
}

function changeIn(changes: readonly (readonly Change[])[], { shard, at }: { shard: number; at: number }): Change {
  const change = changes[shard]?.[at];
  if (change === undefined) throw new Error(`shard ${shard} has no change ${at}`);
  return change;
}
