/** The page of the machines: each pool with its workers, who holds it, what waits there and why. */
import { html } from 'hono/html';
import type { Capabilities, Promised } from '../../ci/capabilities.js';
import { ours, subjectOf } from '../links.js';
import type { PoolView, PoolWorker, SpokeUse, WaitingRow } from '../read/pools.js';
import { count, duration } from '../text.js';
import { badge, facts, type Html, joined, type PageContext, spokeLink, when } from './parts.js';

export function poolsPage(pools: readonly PoolView[], context: PageContext): Html {
  return html`<h1>Pools</h1>
<p class="dim">The machines that build, what waits for them, and whose turn it is. <a href="/api/v1/pools">The same as JSON</a></p>
${pools.length === 0 ? html`<p class="empty">The hub declares no pool, so nothing is built.</p>` : pools.map((pool) => poolSection(pool, context))}`;
}

function poolSection(pool: PoolView, context: PageContext): Html {
  const alive = pool.workers.filter((worker) => worker.alive && worker.unfit === null);
  const state =
    alive.length > 0
      ? { tone: 'ok' as const, word: count(alive.length, 'worker') }
      : { tone: pool.waitingCount > 0 ? ('warn' as const) : ('mute' as const), word: 'no worker' };
  return html`<section aria-labelledby="pool-${pool.id}"><h2 id="pool-${pool.id}">${pool.title} <code class="dim">${pool.id}</code> ${badge(state)}</h2>
${pool.description === '' ? '' : html`<p class="dim">${pool.description}</p>`}
<p>${pool.running} of ${count(pool.slots, 'slot')} busy, ${pool.waitingCount} waiting${pool.approvals > 0 ? `, ${pool.approvals} more for an approval` : ''}.</p>
${alive.length === 0 ? noWorker(pool) : ''}
${about(pool, context)}
${workerList(pool.workers, context)}
${useTable(pool, context)}
${waitingList(pool, context)}</section>`;
}

function noWorker(pool: PoolView): Html {
  const waits = pool.waitingCount > 0 ? ' What waits ends as “not checked” when its deadline comes.' : '';
  return html`<p class="notice warn">No worker of this pool is there.${waits} Start one with <code>spokebot worker --pool ${pool.id}</code>.</p>`;
}

function about({ declared, promises, share }: PoolView, context: PageContext): Html {
  if (declared === null) return html`<p class="dim">hub.yml does not have this pool any more.</p>`;
  const weights = Object.entries(share?.weights ?? {});
  return facts([
    ['Sandbox', declared.sandbox],
    ['Builds without approval', TRUST[declared.trust]],
    ['Has', promises === null ? null : has(promises)],
    ['Spack', [declared.spack.version, declared.spack.packages].filter(Boolean).join(', ')],
    ['Longest build', duration(declared.limits.minutes * 60)],
    ['Builds at once', share?.most],
    ['Of one spoke at once', share?.mostPerSpoke],
    [
      'Weights',
      weights.length === 0
        ? null
        : joined(weights.map(([spoke, weight]) => html`${spokeLink(spoke, context)} ${weight}`)),
    ],
  ]);
}

const TRUST = {
  everyone: 'everyone',
  write: 'people with write access',
  nobody: 'nobody',
} as const;

/** What a pool promises or a worker says it has, in one line. */
function has(what: Promised | Capabilities): string {
  const { compilers, gpus, memoryGigabytes } = what;
  const targets = 'targets' in what ? what.targets : 'target' in what && what.target ? [what.target] : [];
  return [
    ...targets,
    ...(compilers ?? []),
    ...(gpus ?? []).map((gpu) => `GPU ${gpu}`),
    ...(memoryGigabytes == null ? [] : [`${Math.round(memoryGigabytes)} GB`]),
  ].join(', ');
}

function workerList(workers: readonly PoolWorker[], context: PageContext): Html {
  if (workers.length === 0) return html`<p class="dim">No worker seen in the last day.</p>`;
  return html`<h3>Workers</h3><ul class="rows">${workers.map((worker) => workerRow(worker, context))}</ul>`;
}

function workerRow(worker: PoolWorker, context: PageContext): Html {
  const state = !worker.alive
    ? { tone: 'warn' as const, word: 'silent' }
    : worker.unfit !== null
      ? { tone: 'bad' as const, word: 'unfit' }
      : worker.copied
        ? { tone: 'bad' as const, word: 'twice' }
        : { tone: 'ok' as const, word: 'alive' };
  const slots =
    worker.free === null
      ? `${count(worker.concurrency, 'build')} at a time`
      : `${worker.free} of ${count(worker.concurrency, 'slot')} free`;
  const able = worker.capabilities === null ? '' : has(worker.capabilities);
  return html`<li class="row"><div class="row-head">${badge(state)} <code>${worker.id}</code></div>
<div class="row-foot">${slots} · ${worker.version} · by ${worker.via === 'http' ? 'HTTPS' : 'the queue'} · seen ${when(worker.seenAt, context.now)}${able === '' ? '' : html` · ${able}`}${worker.unfit === null ? '' : html`<br><strong>Gets no builds:</strong> ${worker.unfit}`}${worker.copied ? html`<br><strong>Two workers go by this name.</strong> Stop one of them, remove the file <code>worker-id</code> in its directory, and start it again.` : ''}</div></li>`;
}

function useTable({ spokes, usedHours }: PoolView, context: PageContext): Html | '' {
  if (spokes.length === 0) return '';
  const row = ({ spoke, held, waiting, usedSeconds }: SpokeUse) =>
    html`<tr><th scope="row">${spokeLink(spoke, context)}</th><td>${held}</td><td>${waiting}</td><td>${usedSeconds === 0 ? '–' : duration(usedSeconds)}</td></tr>`;
  return html`<h3>Who holds it</h3><table class="products"><thead><tr><th scope="col">Spoke</th><th scope="col">Slots</th><th scope="col">Waiting</th><th scope="col">Last ${usedHours} h</th></tr></thead><tbody>${spokes.map(row)}</tbody></table>`;
}

function waitingList({ waiting, waitingCount }: PoolView, context: PageContext): Html | '' {
  if (waiting.length === 0) return '';
  const rest = waitingCount - waiting.length;
  return html`<h3>What waits</h3><ol class="rows">${waiting.map((row) => waitingRow(row, context))}</ol>${rest > 0 ? html`<p class="dim">and ${rest} more</p>` : ''}`;
}

function waitingRow({ build, spoke, ahead, why }: WaitingRow, context: PageContext): Html {
  const place = ahead === 0 ? 'next' : `${ahead} before it`;
  if (build === null)
    return html`<li class="row"><div class="row-head">a build that is not shown here</div><div class="row-foot">${place} · ${spokeLink(spoke, context)} · ${why}</div></li>`;
  const at = subjectOf(build);
  return html`<li class="row"><div class="row-head"><a class="main-link" href="${ours.build(build.id)}">${build.name}</a></div>
<div class="row-foot"><a href="${at.address}">${at.words}</a> · ${spokeLink(spoke, context)} · ${place} · ${why} Asked for ${when(build.createdAt, context.now)}.</div></li>`;
}
