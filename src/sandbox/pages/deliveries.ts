/** The log of webhooks: what was sent to the App, what it answered, and a button to send it again. */
import { html } from 'hono/html';
import type { Delivery } from '../types.js';
import { fullName, type World } from '../world.js';
import { type Html, moment, page } from './layout.js';

export function deliveryRow(world: World, delivery: Delivery): Html {
  const repo = delivery.repositoryId === null ? null : world.store.repos.get(delivery.repositoryId);
  const name = delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`;
  return html`<li><div class="line">${outcome(delivery)}<span class="grow"><a href="/deliveries/${String(delivery.id)}">${name}</a> ${
    repo ? html`<span class="soft">${fullName(repo)}</span>` : ''
  } ${delivery.redelivery ? html`<span class="state soft">again</span>` : ''}</span><span class="soft">${moment(delivery.deliveredAt)}</span></div></li>`;
}

function outcome(delivery: Delivery): Html {
  if (delivery.state !== 'done') return html`<span class="state wait">${delivery.state}</span>`;
  const good = delivery.statusCode >= 200 && delivery.statusCode < 300;
  return html`<span class="state ${good ? 'good' : 'bad'}">${String(delivery.statusCode)}</span>`;
}

export function deliveriesPage(world: World): Html {
  const newest = world.store.deliveries.all().reverse().slice(0, 200);
  const rows = newest.map((one) => deliveryRow(world, one));
  return page({
    title: 'Deliveries',
    content: html`<h1>Deliveries</h1>
<p class="soft">The newest 200 of ${String(world.store.deliveries.all().length)}. A delivery that failed is not sent again by itself.</p>
<div class="card"><ul class="rows">${rows.length > 0 ? rows : html`<li class="soft">None yet.</li>`}</ul></div>`,
  });
}

export function deliveryPage(world: World, delivery: Delivery): Html {
  const payload: unknown = JSON.parse(world.store.payloads.the(delivery.payloadId).body);
  const lines = (headers: Readonly<Record<string, string>>) =>
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
  const name = delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`;
  return page({
    title: name,
    content: html`
<p><a href="/deliveries">Deliveries</a></p>
<h1>${name} ${outcome(delivery)}</h1>
<p class="soft">${delivery.guid}, ${moment(delivery.deliveredAt)}, ${delivery.status}, ${String(delivery.seconds)} s</p>
<form class="inline" method="post" action="/deliveries/${String(delivery.id)}/redeliver"><button class="main">Redeliver</button></form>
<h2>Answer</h2>
<pre>${lines(delivery.responseHeaders)}\n\n${delivery.responseBody}</pre>
<h2>Request</h2>
<pre>${lines(delivery.requestHeaders)}</pre>
<pre>${JSON.stringify(payload, null, 2)}</pre>`,
  });
}
