/** The first page: repositories, where the App is installed, the newest deliveries. */
import { html } from 'hono/html';
import { fullName, type World } from '../world.js';
import { deliveryRow } from './deliveries.js';
import { count, type Html, page } from './layout.js';

export function homePage(world: World): Html {
  const issues = world.store.issues.filter((issue) => issue.movedTo === null && issue.state === 'open');
  const repos = world.store.repos
    .all()
    .sort((a, b) => fullName(a).localeCompare(fullName(b)))
    .map((repo) => {
      const own = issues.filter((issue) => issue.repoId === repo.id);
      const pulls = own.filter((issue) => issue.pull).length;
      const note = repo.parentId === null ? '' : html`<span class="state soft">fork</span>`;
      return html`<li><div class="line"><span class="grow"><a href="/${fullName(repo)}">${fullName(repo)}</a> ${
        repo.private ? html`<span class="state wait">private</span>` : ''
      } ${note}</span><span class="soft">${count(own.length - pulls, 'issue')}, ${count(pulls, 'pull request')} open</span></div></li>`;
    });
  const installations = world.store.installations.all().map((installation) => {
    const app = world.store.apps.the(installation.appId);
    const state = installation.suspendedAt ? html`<span class="state bad">suspended</span>` : '';
    const what =
      installation.selection === 'all' ? 'all repositories' : `${installation.repositoryIds.length} selected`;
    return html`<li>${app.name} on <b>${installation.account}</b>, ${what} ${state}</li>`;
  });
  const newest = world.store.deliveries.all().slice(-8).reverse();
  return page({
    title: 'Repositories',
    content: html`
<h1>Repositories</h1>
<div class="card"><ul class="rows">${repos.length > 0 ? repos : html`<li class="soft">None yet.</li>`}</ul></div>
<h2>Installations</h2>
<div class="card"><ul class="rows">${installations.length > 0 ? installations : html`<li class="soft">The App is installed nowhere.</li>`}</ul></div>
<h2>Newest deliveries</h2>
<div class="card"><ul class="rows">${newest.length > 0 ? newest.map((one) => deliveryRow(world, one)) : html`<li class="soft">None yet.</li>`}</ul></div>
<p><a href="/deliveries">All deliveries</a></p>`,
  });
}
