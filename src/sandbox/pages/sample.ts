/** A file that forms offer to change: a source file where there is one. */
import type { World } from '../world.js';

const WISHES = [/\.(c|cc|cpp|cxx|cu|f90)$/i, /\.(h|hpp)$/i, /CMakeLists\.txt$/, /\.py$/, /\.md$/, /./];

export async function sampleFile(world: World, repoId: number, revision: string) {
  const entries = await world.git.tree(repoId, revision, '', true);
  const names = entries.filter((entry) => entry.type === 'blob').map((entry) => entry.path);
  const path = WISHES.map((wish) => names.find((name) => wish.test(name))).find(Boolean) ?? 'README.md';
  const file = await world.git.readFile(repoId, revision, path);
  return { path, content: file?.content.toString('utf8') ?? '' };
}
