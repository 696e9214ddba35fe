// Prints what the image holds, for the image (Dockerfile): a bill of materials in CycloneDX's JSON.
//
//   node infra/deploy/make-sbom.mjs FOLDER PACKAGE...
//
// 1. It is npm's own, of the packages that are installed in FOLDER, and of those that the page is bundled from, which are installed here:
//    `node_modules/preact`, as src/web/build.mjs says them.
// 2. It says nothing of when and where it was made, so that the same packages give the same bytes.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { name, version, description } = JSON.parse(readFileSync('package.json', 'utf8'));
const ref = `${name}@${version}`;
const [folder, ...places] = process.argv.slice(2);
const ofImage = sbomOf(folder);
const here = sbomOf('.');
const ofPage = places.map((place) => {
  const manifest = JSON.parse(readFileSync(`${place}/package.json`, 'utf8'));
  return `${manifest.name}@${manifest.version}`;
});

const { component, ...metadata } = ofImage.metadata;
const sbom = {
  ...{ ...ofImage, serialNumber: undefined },
  metadata: { ...metadata, timestamp: undefined, component: { ...component, type: 'application', name, description } },
  components: withThoseOfPage('components', 'bom-ref').map(plain),
  dependencies: withThoseOfPage('dependencies', 'ref').map(withPage),
};
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);

/** What npm says of a folder. */
function sbomOf(cwd) {
  const args = ['sbom', '--sbom-format', 'cyclonedx'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8', maxBuffer: Infinity });
  if (status !== 0) throw new Error(`npm sbom in ${cwd} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A list of the image's with what stands of the page's packages in the same list of this folder, in the order of the names. */
function withThoseOfPage(list, key) {
  const added = here[list].filter((entry) => ofPage.includes(entry[key]));
  const all = new Map([...ofImage[list], ...added].map((entry) => [entry[key], entry]));
  return [...all.keys()].sort().map((each) => all.get(each));
}

/** That a package is for development is so of the checkout alone. */
function plain(entry) {
  return { ...entry, properties: entry.properties.filter((each) => each.name !== 'cdx:npm:package:development') };
}

function withPage(entry) {
  return entry.ref === ref ? { ...entry, dependsOn: [...new Set([...entry.dependsOn, ...ofPage])].sort() } : entry;
}
