/** The plan of a stored build, for pages: one that cannot be read is no reason to show nothing of the build. */
import { BuildPlan } from '../../protocol.js';

export interface PlannedRow {
  readonly repository: string;
  readonly number: number | null;
  readonly headSha: string;
  readonly product: string;
  readonly pool: string;
  readonly plan: BuildPlan;
}

export interface KnownPlan {
  readonly plan: BuildPlan;
  /** False where `plan` holds only what the ledger knows besides it; specs, limits and sources in it mean nothing then. */
  readonly readable: boolean;
}

export function planOf(row: PlannedRow): KnownPlan {
  if (BuildPlan.safeParse(row.plan).success) return { plan: row.plan, readable: true };
  const { product, pool, repository } = row;
  return {
    readable: false,
    plan: {
      product,
      package: product,
      spec: '',
      repository: { fullName: repository, cloneUrl: '' },
      pull: null,
      pool,
      sandbox: 'none',
      tests: false,
      limits: { seconds: 0, logBytes: 0 },
    },
  };
}
