/** What makes an answer unsure beside its rivals, in sentences for people. */
import type { Signs } from './sureness.js';
import type { Surroundings } from './surroundings.js';

/** Plain sentences; of a private issue nothing is quoted. */
export function doubtsIn(signs: Signs, around: Surroundings, secret: boolean): string[] {
  const quoted = (says: string, seen: string | null) => (secret || seen === null ? says : `${says}: "${seen}"`);
  const told: string[] = [];
  if (signs.notOurs) told.push(quoted('a label says that the fault lies elsewhere', around.notOurs));
  if (signs.leftTo) told.push(quoted('somebody leaves the fault to others', around.leftTo));
  if (signs.version)
    told.push(quoted('the title begins with another package, or names a version of one', around.version));
  if (signs.hinted && around.supposed !== null) told.push(quoted('somebody supposes it elsewhere', around.supposed));
  else if (signs.hinted && around.stopped !== null) told.push(quoted('something else stops there', around.stopped));
  else if (signs.hinted && around.setUp !== null) told.push(quoted("Spack's settings may be at fault", around.setUp));
  else if (signs.hinted && around.built !== null)
    told.push(quoted('the title is about another package, or its build', around.built));
  if (signs.others) told.push(quoted('the text names other packages as well', around.others.join(', ')));
  if (signs.spackNamed) told.push("the title names Spack in another project's repository");
  return told;
}
