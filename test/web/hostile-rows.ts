/** Rows in which every text that comes from outside is hostile; for each page the same. */
import type { Db } from '../../src/store/open.js';
import {
  addAttempt,
  addBuild,
  addDecision,
  addFailedIntent,
  addLog,
  addRepository,
  addSubject,
  addWorker,
  failed,
  planOf,
  shaOf,
  triage,
} from './rows.js';

/** Tags, ends of attributes and of the title, a template, a character that turns text. Whatever of it runs opens a dialog. */
export const EVIL = `<img src=x onerror=alert(1)>"'&</title><script>alert(2)</script><svg onload=alert(3)>\${alert(4)}\u202etxt`;
/** Without a place to break the line; not one that could be mistaken for a secret. */
const LONG = `${EVIL}${'W'.repeat(300)}`;

/** As far as git takes it for a branch. */
const BRANCH = `"'><img/src=x/onerror=alert(1)><script>alert(2)</script>`;

/** One repository, and the one after it, are shown. */
export async function addHostile(db: Db, repositoryId = 1): Promise<void> {
  const here = { repositoryId, repository: 'kokkos/kokkos' };
  await addRepository(db, { id: repositoryId, fullName: 'kokkos/kokkos' });
  await addRepository(db, { id: repositoryId + 1, fullName: `${EVIL}/${EVIL}` });
  const person = { title: LONG, author: EVIL };
  await addSubject(db, { repositoryId, number: 7, isPull: true, ...person, headSha: shaOf('a') });
  await addSubject(db, { repositoryId, number: 8, ...person, ourLabels: [EVIL], removedLabels: [EVIL] });
  const outcome = triage({
    product: { id: EVIL, confidence: 1 },
    outside: EVIL,
    spokes: { accountable: EVIL, cc: [EVIL] },
    owners: [EVIL],
    missing: [EVIL],
    candidates: [{ product: EVIL, score: 1 }],
    reasons: [LONG],
  });
  await addDecision(db, { ...here, number: 8, outcome });
  const elsewhere = { repositoryId: repositoryId + 1, repository: `${EVIL}/${EVIL}`, number: 9 };
  await addSubject(db, { ...elsewhere, ...person });
  await addDecision(db, { ...elsewhere, outcome: triage({ reasons: [EVIL] }) });
  const plan = planOf({
    spec: `kokkos@git.${shaOf('a')} ${LONG}`,
    pull: { number: 7, headSha: shaOf('a'), baseSha: shaOf('b'), baseRef: EVIL, fork: true },
  });
  const ours = { ...here, name: EVIL, plan, reasons: [LONG] };
  const end = failed({
    package: EVIL,
    phase: EVIL,
    summary: LONG,
    excerpt: LONG,
    annotations: [{ path: EVIL, line: 1, level: 'failure', message: EVIL }],
  });
  // One plan that nobody can read any more.
  await addBuild(db, { id: 'evil', ...ours, plan: { ...plan, package: EVIL }, pool: EVIL, product: EVIL, end });
  await addAttempt(db, {
    buildId: 'evil',
    worker: EVIL,
    phase: EVIL,
    phases: [{ name: EVIL, at: new Date(0).toISOString() }],
    versions: { spack: EVIL, spackCommit: EVIL, packagesCommit: EVIL },
  });
  await addLog(db, 'evil', [[1, `error: ${LONG}\n`]]);
  await addBuild(db, {
    id: 'evil-branch',
    ...ours,
    number: null,
    plan: { ...plan, pull: null, branch: { name: BRANCH, headSha: shaOf('a') } },
  });
  await addBuild(db, { id: 'evil-elsewhere', ...ours, ...elsewhere });
  await addBuild(db, { id: 'waits', ...here, state: 'waiting-approval', attempt: 0, needsApproval: LONG, name: EVIL });
  await addBuild(db, { id: 'evil-runs', ...ours, pool: 'linux', state: 'running' });
  await addAttempt(db, { buildId: 'evil-runs', state: 'running', worker: EVIL, phase: EVIL });
  await addLog(db, 'evil-runs', [[1, `${LONG}\n`]]);
  await addFailedIntent(db, repositoryId, EVIL);
  await addWorker(db, { id: EVIL, pool: EVIL, version: EVIL });
}

/** Every page on which something of it stands. */
export const HOSTILE_PAGES = [
  '/',
  '/products',
  '/products/kokkos',
  '/products/kokkos/report',
  '/spokes/s4pst',
  '/pools',
  '/builds/evil',
  '/builds/evil-branch',
  '/builds/evil-elsewhere',
  '/builds/evil-runs',
  '/builds/waits',
  '/builds/evil/log',
  `/builds/evil/log?q=${encodeURIComponent('<img')}`,
  '/builds/evil-runs/log',
  '/pulls/kokkos/kokkos/7',
  '/issues/kokkos/kokkos/8',
  `/products?q=${encodeURIComponent(EVIL)}`,
  `/nothing/${encodeURIComponent(EVIL)}`,
  `/builds/${encodeURIComponent(EVIL)}`,
];
