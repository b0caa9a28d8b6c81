/** The frame around every page. Works without scripts; `scripts` names those of our own assets by which a page gains. */
import { html } from 'hono/html';
import type { SignInOffer } from '../auth/who.js';
import type { Html } from './parts.js';

export interface Frame {
  readonly title: string;
  readonly hubName: string;
  readonly version: string;
  /** Address of an asset by its name. */
  readonly asset: (name: string) => string;
  readonly scripts?: readonly string[] | undefined;
  /** Whether a script keeps the page up to date. */
  readonly follows?: boolean | undefined;
  /** Seconds after which the page is loaded again; where it `follows`, only if no script runs. */
  readonly refresh?: number | null | undefined;
  /** Which entry of the navigation this page belongs to. */
  readonly here?: 'hub' | 'products' | 'pools' | undefined;
  /** Null where nobody can sign in. */
  readonly signIn: SignInOffer | null;
  readonly body: Html;
}

export function layout(frame: Frame): Html {
  const { refresh, scripts = [], follows, asset, here } = frame;
  const reload = refresh ? html`<meta http-equiv="refresh" content="${refresh}">` : '';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${frame.title} · spokebot</title>
<link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${asset('style.css')}">
${scripts.map((script) => html`<script src="${asset(script)}" defer></script>`)}
${follows && refresh ? html`<noscript>${reload}</noscript>` : reload}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div class="wrap">
<a class="brand" href="/"><img src="${asset('icon.svg')}" alt="" width="22" height="22"> spokebot <span class="dim">${frame.hubName}</span></a>
<nav aria-label="Pages"><a href="/"${here === 'hub' ? html` aria-current="page"` : ''}>Hub</a> <a href="/products"${here === 'products' ? html` aria-current="page"` : ''}>Products</a> <a href="/pools"${here === 'pools' ? html` aria-current="page"` : ''}>Pools</a></nav>
${person(frame.signIn)}
</div></header>
<main id="main" class="wrap">
${frame.body}
</main>
<footer class="wrap dim">spokebot ${frame.version} · ${frame.signIn?.login ? html`public repositories, and private ones that ${frame.signIn.login} may read on GitHub` : 'public repositories only'} · <a href="/readyz">health</a></footer>
</body>
</html>`;
}

function person(offer: SignInOffer | null): Html | '' {
  if (offer === null) return '';
  if (offer.login === null) return html`<a class="person" href="${offer.address}" rel="nofollow">Sign in</a>`;
  return html`<form class="person" method="post" action="/auth/logout"><span class="dim">${offer.login}</span> <button type="submit">Sign out</button></form>`;
}
