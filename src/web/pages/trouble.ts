/** Pages for what is not there or did not work: what it means and where to go on. */
import { html } from 'hono/html';
import type { SignInOffer } from '../auth/who.js';
import type { Html } from './parts.js';

/** `signIn` offers to look again as somebody; null where nobody can. */
export function notFoundPage(what: string, signIn: SignInOffer | null): Html {
  return html`<header class="head"><h1>Not here</h1></header>
<p>${what}</p>
<ul class="plain">
<li>${privately(signIn)}</li>
<li>An issue or a pull request shows up after the first delivery about it; a check's address comes with the check.</li>
</ul>
<p><a href="/">To the hub</a> · <a href="/products">All products</a></p>`;
}

function privately(signIn: SignInOffer | null): Html {
  if (signIn === null)
    return html`Private repositories are never shown, nor those that spokebot is not installed in (any more).`;
  const others = html`Repositories that spokebot is not installed in (any more) are shown to nobody.`;
  return signIn.login === null
    ? html`What is of a private repository is shown to those who may read it on GitHub: <a href="${signIn.address}" rel="nofollow">sign in</a>. ${others}`
    : html`What is of a private repository is shown to those who may read it on GitHub; ${signIn.login} may not, or GitHub did not tell. ${others}`;
}

export function signInTroublePage(why: string): Html {
  return html`<header class="head"><h1>Not signed in</h1></header>
<p>${why}</p>
<p><a href="/auth/login" rel="nofollow">Try again</a> · <a href="/">To the hub</a>, which shows public repositories to everybody.</p>`;
}

export function busyPage(why: string): Html {
  return html`<header class="head"><h1>In a moment</h1></header>
<p>${why} Load the page again in half a minute.</p>
<p><a href="/">To the hub</a></p>`;
}

/** `reference` stands in the hub's log beside the cause. */
export function errorPage(reference: string): Html {
  return html`<header class="head"><h1>This did not work</h1></header>
<p>The page could not be made. This is the hub's fault, not yours; checks and issues go on without the pages. Try again in a moment.</p>
<p class="dim">If it stays, tell the hub's operators this reference: <code>${reference}</code>. <a href="/readyz">Health</a> says whether the hub's parts answer.</p>
<p><a href="/">To the hub</a></p>`;
}
