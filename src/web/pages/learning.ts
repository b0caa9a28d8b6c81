/** What the last night's learning from corrections came to, on the hub's page: figures of both weights, and what follows from them. */
import { html } from 'hono/html';
import type { RetrainReport, RetrainRun, Side } from '../../triage/learning/retrain.js';
import { badge, type Html, type PageContext, when } from './parts.js';

/** Nothing before the first night. */
export function learningSection(run: RetrainRun | null, context: PageContext): Html | '' {
  if (run === null) return '';
  const { report } = run;
  const at = when(new Date(run.at), context.now);
  if (report.judged === null)
    return html`<p class="traffic dim" id="learning">Corrections teach the model of kinds nothing yet: ${report.because} (looked at ${at}).</p>`;
  return html`<section aria-labelledby="learning"><h2 id="learning">What corrections teach</h2>
<p>${badge(report.better ? { tone: 'ok', word: 'better' } : { tone: 'mute', word: 'as before' })} The model of kinds, bent by what people corrected: ${report.because}. ${follows(run)}</p>
${figures(report.judged, run.taken === null ? 'In use' : 'Before')}
<p class="dim small">Kinds of ${report.lessons.toLocaleString('en')} issues (${report.byPeople.toLocaleString('en')} by people’s own word)${report.strange === 0 ? '' : `, besides ${report.strange.toLocaleString('en')} of kinds that the model does not know`}; learnt from the oldest ${report.judged.learntFrom.toLocaleString('en')} and judged by the newest ${report.judged.heldBack.toLocaleString('en')} · weights ${run.taken ?? run.inUse} answer${run.taken === null ? '' : ' from then on'} · ${at}</p></section>`;
}

function figures({ heldBack, threshold, inUse, learnt }: NonNullable<RetrainReport['judged']>, before: string): Html {
  const from = `${Math.round(threshold * 100)} %`;
  const given = ({ answered, answeredRight }: Side) =>
    answered === 0
      ? `none sure enough to be given (from ${from})`
      : `${answeredRight} of ${answered} that are sure enough to be given (from ${from})`;
  const row = (name: string, side: Side) =>
    html`<li><strong>${name}:</strong> ${side.right} of ${heldBack} right, ${given(side)}; calibration error ${side.ece.toFixed(2)}</li>`;
  return html`<ul class="plain">${row(before, inUse)}${row('Bent by corrections', learnt)}</ul>`;
}

function follows({ report, policy, taken }: RetrainRun): Html | string {
  if (!report.better) return 'What answers stays as it is.';
  if (taken !== null) return 'They answer now.';
  return policy === 'act'
    ? 'What answers stays as it is.'
    : html`Nothing changes by itself: <code>retrain: act</code> under <code>learning</code> in hub.yml has better ones used from the next night on.`;
}
