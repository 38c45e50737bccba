// Replaces each file of dist by its gzip form, which is what the program carries. Node's gzip writes no name and no time: the bytes repeat.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

for (const name of readdirSync('dist', { recursive: true })) {
  const file = `dist/${name}`;
  if (!statSync(file).isFile()) continue;

  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
  rmSync(file);
}
