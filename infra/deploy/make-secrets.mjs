// `npm run deploy:secrets`: what infra/deploy/compose.yaml needs and no repository may hold. Made once; it never overwrites.
//
// secrets/keys.json holds only the keys' SHA-256. The folder is closed to others; the files in it are not, because the users inside
// the containers are others than the one who runs this.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const usage = `npm run deploy:secrets [-- FOLDER]

Makes what compose.yaml needs and no repository may hold, beside it or in FOLDER: secrets/ (API keys for an operator, alice and
bob, a password for Grafana) and .env (the key of the cluster). It never overwrites. What is in FOLDER, compose takes with
--env-file FOLDER/.env.
`;
const named = namedFolder(process.argv.slice(2));
const folder = resolve(named ?? import.meta.dirname);
const secrets = join(folder, 'secrets');
const KEY_BYTES = 24;

if (existsSync(secrets)) {
  process.stderr.write(`${secrets} is there already: remove it to have new secrets\n`);
  process.exit(1);
}

const newKey = () => randomBytes(KEY_BYTES).toString('base64url');
const digestOf = (key) => createHash('sha256').update(key).digest('hex');

const holders = [
  { file: 'operator-key', grants: { operator: true } },
  { file: 'alice-key', grants: { participant: 'alice' } },
  { file: 'bob-key', grants: { participant: 'bob' } },
].map((holder) => ({ ...holder, key: newKey() }));

mkdirSync(secrets, { recursive: true, mode: 0o700 });
for (const { file, key } of holders) write(file, key);
const keys = holders.map(({ key, grants }) => ({ sha256: digestOf(key), ...grants }));
write('keys.json', `${JSON.stringify({ keys }, undefined, 2)}\n`);
write('grafana-password', newKey());
// Compose reads this file by itself where it stands beside compose.yaml.
const settings = [`PARLEY_CLUSTER_KEY=${newKey()}`, ...(named === undefined ? [] : [`PARLEY_SECRETS='${secrets}'`])];
writeFileSync(join(folder, '.env'), `${settings.join('\n')}\n`, { mode: 0o600 });
process.stdout.write(`${secrets}: keys for an operator, alice and bob; grafana-password for the user admin\n`);

function namedFolder(args) {
  try {
    const options = { help: { type: 'boolean', short: 'h' } };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help !== true) return positionals[0];
    process.stdout.write(usage);
    return process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    return process.exit(2);
  }
}

function write(file, content) {
  writeFileSync(join(secrets, file), content, { mode: 0o644 });
}
