/** `THIRD-PARTY.md`: the packages by others that Parley brings along, with their versions and licences. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type LockedPackage,
  packagesOfImage,
  packagesOfPackage,
  packagesOfPage,
} from '../../support/package/locked-packages.js';
import { code, codes, fence, paragraphs, table } from '../markdown.js';

const checkout = path.join(import.meta.dirname, '../../..');

/** Licences, by their SPDX names, that let Parley be handed on under its own as long as their texts come along. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];

/** Where a package's own folder has no text. */
const TEXTS_ELSEWHERE: Readonly<Record<string, string>> = {
  '@eventstore/db-client': 'LICENSE',
  'abstract-logging': 'https://jsumners.mit-license.org',
};

/** What is not permissive in an SPDX expression, all of whose parts have to be. */
export function refusedIn(license: string): string[] {
  const parts = license.split(/\s+(?:AND|OR)\s+|[()]/).filter((part) => part !== '');
  return parts.length === 0 ? ['no licence'] : parts.filter((part) => !PERMISSIVE.includes(part));
}

/** Throws for a package under a licence that is not permissive. */
export function thirdPartyPage(): string {
  const ofPackage = packagesOfPackage();
  const known = new Set(ofPackage.map(({ folder }) => folder));
  const ofImageAlone = packagesOfImage().filter(({ folder }) => !known.has(folder));
  const ofPage = packagesOfPage();
  for (const each of [...ofPackage, ...ofImageAlone, ...ofPage]) refuseUnlessPermissive(each);
  return paragraphs(
    '# What is by others, and under which licences',
    'Parley is under the Apache License 2.0: [LICENSE](LICENSE). What others made and it brings along stands here, by the versions of `package-lock.json`, with their licences by their SPDX names and the files that have the texts. An installation of the npm package may have later versions, where its ranges allow them.',
    `A test holds this list against the lockfile, and refuses any licence but these: ${PERMISSIVE.join(', ')}.`,
    '## Installed with the package, and in the image',
    listed(ofPackage.filter(({ isOfOnePlatform }) => !isOfOnePlatform)),
    '## Binaries of libsql',
    'One for each platform, with SQLite and the Rust crates that libsql names in its repository. An installation has that of its machine; the image that for Linux with glibc, on x64 `@libsql/linux-x64-gnu`.',
    listed(ofPackage.filter(({ isOfOnePlatform }) => isOfOnePlatform)),
    '## In the image alone',
    listed(ofImageAlone),
    'The image stands on that of Node.js, whose licence and those of what it holds are in `/usr/local/LICENSE` there, and on Debian, whose packages have theirs in `/usr/share/doc`.',
    '## In the page',
    'Parts of these are in the scripts of `dist/web`, which have no room for their licences. So their texts stand here.',
    table(
      ['package', 'version', 'licence'],
      ofPage.map(({ name, version, license }) => [code(name), version, license]),
    ),
    ...ofPage.flatMap((each) => [`### ${code(each.name)}`, textOf(each)]),
  );
}

function refuseUnlessPermissive({ name, version, license }: LockedPackage): void {
  const refused = refusedIn(license);
  if (refused.length > 0)
    throw new Error(`${name} ${version} is not under a permissive licence: ${refused.join(', ')}`);
}

function listed(packages: readonly LockedPackage[]): string {
  const rows = packages.map((each) => [code(each.name), each.version, each.license, textsOf(each)]);
  return table(['package', 'version', 'licence', 'text'], rows);
}

/** Where the texts of a package's licence are; binaries have the licence of the package that loads them. */
function textsOf({ name, folder, isOfOnePlatform }: LockedPackage): string {
  if (isOfOnePlatform) return code('node_modules/libsql/LICENSE');
  const elsewhere = TEXTS_ELSEWHERE[name];
  if (elsewhere !== undefined) return elsewhere.startsWith('http') ? `<${elsewhere}>` : code(elsewhere);
  return codes(licenseFilesIn(folder));
}

/** Throws where there is none. */
function licenseFilesIn(folder: string): string[] {
  const place = path.join(checkout, folder);
  if (!existsSync(place)) throw new Error(`${folder} is not installed: run npm ci`);
  const files = readdirSync(place).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${folder} has no text of its licence: say where it is in TEXTS_ELSEWHERE`);
  return files.sort().map((file) => `${folder}/${file}`);
}

function textOf({ folder }: LockedPackage): string {
  const texts = licenseFilesIn(folder).map((file) => readFileSync(path.join(checkout, file), 'utf8').trim());
  return paragraphs(...texts.map((text) => fence('text', text))).trim();
}
