/** Pages for people; a placeholder root until the pages are there. */
import { Hono } from 'hono';
import type { AdminParts } from '../admin.js';
import type { Api, SandboxEnv } from '../http.js';

export function createPages(_parts: AdminParts): Api {
  return new Hono<SandboxEnv>();
}
