/** Why the checks of a plan run, on one list: what holds for all of them once, the rest behind the name of its check. */

/** Lines for people, in the order of the checks. */
export function planReasons(
  checks: readonly { readonly name: string; readonly reasons: readonly string[] }[],
): readonly string[] {
  const [first, ...others] = checks;
  if (first === undefined) return [];
  const shared = first.reasons.filter((reason) => others.every(({ reasons }) => reasons.includes(reason)));
  const own = checks.flatMap(({ name, reasons }) =>
    reasons.filter((reason) => !shared.includes(reason)).map((reason) => `${name}: ${reason}`),
  );
  return [...shared, ...own];
}
