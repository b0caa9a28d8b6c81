/** Stops a build before it has filled the disk that it shares with everything else on the machine. */
import { diskProblem } from './places.js';

const LOOK_MS = 500;

/** Calls `onFull` once, with one line for people, when the disk that holds `path` is nearly full. Call the answer to end it. */
export function watchDisk(
  path: string,
  onFull: (problem: string) => void,
  look: (path: string) => Promise<string | null> = diskProblem,
): () => void {
  let ended = false;
  let timer: NodeJS.Timeout;
  function schedule(): void {
    timer = setTimeout(() => {
      void look(path).then((problem) => {
        if (ended) return;
        if (problem === null) schedule();
        else onFull(problem);
      });
    }, LOOK_MS);
  }
  schedule();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
