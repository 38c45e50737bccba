// Writes the licences of everything that goes into the bundle to dist/third-party-licences.txt.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json'));
const sections = [];

for (const [folder, { version, license, dev, optional }] of Object.entries(packages)) {
  if (folder === '' || dev || optional) continue;

  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : '(the package carries no licence text)';

  sections.push(`${folder.replace(/^.*node_modules\//, '')} ${version} (${license})\n\n${text}\n`);
}

writeFileSync('dist/third-party-licences.txt', sections.join(`\n${'-'.repeat(80)}\n\n`));
