/** From a page's body to the answer: frame, context and status in one place. */
import type { Context } from 'hono';
import { type Asset, assetAddress } from './assets.js';
import type { Who } from './auth/who.js';
import { githubLinks } from './links.js';
import { layout } from './pages/layout.js';
import type { Html, PageContext } from './pages/parts.js';
import type { WebPorts } from './ports.js';
import { withoutTurns } from './text.js';

export interface ShowOptions {
  readonly title: string;
  readonly here?: 'hub' | 'products' | 'pools';
  readonly scripts?: readonly string[];
  readonly follows?: boolean;
  readonly refresh?: number | null;
  readonly status?: 200 | 400 | 404 | 405 | 500 | 503;
}

export interface Shower {
  context(): PageContext;
  page(c: Context, body: Html, options: ShowOptions): Promise<Response>;
}

export function createShower(ports: WebPorts, assets: ReadonlyMap<string, Asset>, who: Who): Shower {
  const github = githubLinks(ports.githubUrl.replace(/\/+$/, ''));
  return {
    context() {
      const registry = ports.registry();
      return {
        now: ports.now(),
        github,
        productName: (id) => registry.products.get(id)?.name ?? id,
        spokeName: (id) => registry.spokes.get(id)?.name ?? id,
        isProduct: (id) => registry.products.has(id),
        namesPeople: (id) => {
          const spoke = registry.spokes.get(id);
          return spoke !== undefined && (spoke.leads.length > 0 || spoke.rota !== null);
        },
        commands: registry.hub.commands !== null,
      };
    },
    async page(c, body, { status = 200, ...options }) {
      const frame = {
        ...options,
        hubName: ports.registry().hub.name,
        version: ports.version,
        asset: (name: string) => assetAddress(assets, name),
        signIn: who.offer(c),
        body,
      };
      // Text from outside stands in many places; nowhere may it turn what stands around it.
      return c.html(withoutTurns(String(await layout(frame))), status);
    },
  };
}
