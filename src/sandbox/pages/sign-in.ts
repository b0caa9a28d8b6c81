/** Where a person lets an App act in their name, and where the App turns the code into a token. */
import { html } from 'hono/html';
import { z } from 'zod';
import { ApiError } from '../errors.js';
import { type Api, bodyOf, type Ctx } from '../http.js';
import { type Asked, Oauth } from '../oauth.js';
import type { App } from '../types.js';
import { findUser, type World } from '../world.js';
import { type Html, page } from './layout.js';

const PATH = '/login/oauth/authorize';
const Exchange = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  code: z.string(),
  redirect_uri: z.string(),
  code_verifier: z.string().default(''),
});

export function signInPages(pages: Api, world: World, policy: (formsTo: string) => string): void {
  const asked = (c: Ctx, given: Readonly<Record<string, string | undefined>>): { app: App; asked: Asked } => {
    const app = world.store.apps.find((found) => Oauth.credentials(found).clientId === given.client_id);
    if (app === undefined) throw new ApiError(404, `There is no App with the client id "${given.client_id ?? ''}".`);
    const challenge = given.code_challenge || null;
    const method = given.code_challenge_method || null;
    c.header('Content-Security-Policy', policy(''));
    return { app, asked: world.oauth.check(app, { callback: given.redirect_uri ?? '', challenge, method }) };
  };

  pages.get(PATH, async (c) => {
    const given = c.req.query();
    const { app, asked: wish } = asked(c, given);
    // A browser follows the redirect after the form only to where the page may send forms.
    c.header('Content-Security-Policy', policy(new URL(wish.callback).origin));
    return c.html(await authorizePage(world, app, given, wish));
  });
  pages.post(PATH, async (c) => {
    const fields = Object.fromEntries(
      Object.entries(await c.req.parseBody()).map(([name, value]) => [name, String(value)]),
    );
    const { app, asked: wish } = asked(c, fields);
    const back = new URL(wish.callback);
    if (fields.state) back.searchParams.set('state', fields.state);
    const user = findUser(world, fields.as ?? '');
    if (fields.do === 'cancel') back.searchParams.set('error', 'access_denied');
    else if (user?.type !== 'User') throw new ApiError(422, 'Choose who signs in.');
    else back.searchParams.set('code', world.oauth.allow(app, user.login, wish));
    c.header('Content-Security-Policy', policy(back.origin));
    return c.redirect(back.href, 302);
  });
  pages.post('/login/oauth/access_token', async (c) => {
    const given = await bodyOf(c, Exchange);
    const app = world.store.apps.find((found) => Oauth.credentials(found).clientId === given.client_id);
    if (app === undefined || Oauth.credentials(app).clientSecret !== given.client_secret)
      return c.json({ error: 'incorrect_client_credentials' });
    const { code, redirect_uri: callback, code_verifier: verifier } = given;
    const made = world.oauth.exchange(app, { code, callback, verifier });
    // As on GitHub, a refusal has the status 200.
    if (made === null) return c.json({ error: 'bad_verification_code' });
    return c.json({ access_token: made.token, expires_in: made.seconds, token_type: 'bearer', scope: '' });
  });
}

function authorizePage(world: World, app: App, given: Readonly<Record<string, string>>, wish: Asked): Html {
  const people = world.store.users.filter(({ type }) => type === 'User').map(({ login }) => login);
  const kept = ['client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method'];
  const content = html`<h1>Authorize ${app.name}</h1>
<p>${app.name} wants to know who you are and which repositories you may read. You will be sent to <code>${wish.callback}</code>.</p>
<form method="post" action="${PATH}">
${kept.map((name) => html`<input type="hidden" name="${name}" value="${given[name] ?? ''}" />`)}
<label>Sign in as <select name="as">${people.map((login) => html`<option>${login}</option>`)}</select></label>
<button name="do" value="authorize">Authorize</button> <button name="do" value="cancel">Cancel</button>
</form>`;
  return page({ title: `Authorize ${app.name}`, content });
}
