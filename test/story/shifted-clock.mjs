/**
 * Loaded into a process before anything else (`NODE_OPTIONS=--import=...`): its clock is wrong by the hours that `SHIFTED_CLOCK` gives
 * to its program, as JSON from the end of the program's path to hours. Timers, which count from the start, go as ever.
 */
const hours = Object.entries(JSON.parse(process.env.SHIFTED_CLOCK ?? '{}')).find(([program]) =>
  process.argv[1]?.endsWith(program),
)?.[1];

if (hours !== undefined) {
  const Right = Date;
  const shift = hours * 3600_000;
  class Shifted extends Right {
    constructor(...given) {
      if (given.length === 0) super(Right.now() + shift);
      else super(...given);
    }
    static now() {
      return Right.now() + shift;
    }
  }
  globalThis.Date = Shifted;
}
