/** How sure a share is that was counted: Wilson's score interval. */

/** Of a normal distribution 95 % lie within so many deviations. */
const Z = 1.959964;

/** Lower end of the 95 % interval of `right` out of `n`, in [0, 1]; 0 for none. */
export function lowerBound(right: number, n: number): number {
  if (n === 0) return 0;
  const share = right / n;
  const z2 = Z * Z;
  const middle = share + z2 / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return Math.max(0, (middle - half) / (1 + z2 / n));
}
