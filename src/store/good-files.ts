/** The last version without problems of each repository's own file, for the time when the newest one has some. */
import type { Db } from './open.js';
import { readSetting, removeSetting, writeSetting } from './settings.js';

interface GoodFiles {
  read(repositoryId: number): Promise<string | null>;
  keep(repositoryId: number, text: string | null): Promise<void>;
}

export function goodFiles(db: Db, now: () => Date): GoodFiles {
  const key = (repositoryId: number) => `good-file.${repositoryId}`;
  return {
    async read(repositoryId) {
      const text = await readSetting(db, key(repositoryId));
      return typeof text === 'string' ? text : null;
    },
    async keep(repositoryId, text) {
      if (text === null) await removeSetting(db, key(repositoryId));
      else await writeSetting(db, key(repositoryId), text, now());
    },
  };
}
