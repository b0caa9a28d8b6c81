/** `spokebot doctor`: is this installation healthy, and what to do if not. */
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { describe } from '../describe-error.js';
import { dataDirectory, type Env, isLoopback, readServeEnvironment } from '../environment.js';
import { openGithub } from '../github/client.js';
import type { HubSnapshot } from '../handlers/ports.js';
import { loadSnapshot } from '../hub.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type StateHealth, stateHealth } from '../store/explain.js';
import { kindsWithoutLabel } from '../triage/kind-labels.js';
import { type Command, EXIT } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { findServe } from './running.js';
import { withState } from './state.js';
import { columns, onOneLine } from './text.js';

interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'bad';
  readonly detail: string;
  /** What to do; empty when all is well. */
  readonly mend: string;
}

export const doctor: Command = {
  name: 'doctor',
  usage: '[--json]',
  summary: 'Looks whether this installation is healthy, and says what to do if not.',
  async run(args, io) {
    const { values, positionals } = readFlags(doctor, args, { json: { type: 'boolean', default: false } });
    noneBeyond(doctor, positionals, 0);
    const findings = [
      ...(await Promise.all([environment(io.env), hub(io.env), queue(io.env), server(io.env), github(io.env)])).flat(),
      ...(await state(io.env)),
    ];
    if (values.json) io.stdout.write(`${JSON.stringify(findings)}\n`);
    else {
      io.stdout.write(`${columns(findings.map((each) => [MARKS[each.state], each.name, onOneLine(each.detail)]))}\n`);
      for (const each of findings) if (each.mend !== '') io.stdout.write(`\n${each.name}: ${each.mend}\n`);
    }
    return findings.some((each) => each.state === 'bad') ? EXIT.negative : EXIT.ok;
  },
};

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', warn: 'warn', bad: 'BAD ' };

function finding(name: string, state: Finding['state'], detail: string, mend = ''): Finding {
  return { name, state, detail: detail.split('\n')[0]!, mend };
}

async function environment(env: Env): Promise<Finding[]> {
  try {
    const { appId, webhookSecret, publicUrl, githubApiUrl } = readServeEnvironment(env);
    // A sandbox chose its own secret, and nobody from outside reaches it.
    const sandbox = isLoopback(new URL(githubApiUrl).hostname);
    return [
      finding('environment', 'ok', `App ${appId}`),
      ...(webhookSecret.length < 16 && !sandbox
        ? [finding('webhook secret', 'warn', 'is short', 'Use at least 16 random characters: openssl rand -hex 20')]
        : []),
      ...(publicUrl === null
        ? [
            finding(
              'public address',
              'warn',
              'not set',
              'Set SPOKEBOT_PUBLIC_URL, so that checks can link to their log.',
            ),
          ]
        : []),
    ];
  } catch (error) {
    return [finding('environment', 'bad', 'incomplete', describe(error))];
  }
}

async function hub(env: Env): Promise<Finding[]> {
  const directory = resolveHub(null, env);
  try {
    const { snapshot, problems } = await loadSnapshot(directory);
    const { products, spokes } = snapshot.registry;
    return problems.length === 0
      ? [finding('hub', 'ok', `${products.size} products, ${spokes.size} spokes in ${directory}`), kinds(snapshot)]
      : [finding('hub', 'bad', `${problems.length} problems`, `Run: spokebot check-config ${directory}`)];
  } catch (error) {
    return [finding('hub', 'bad', describe(error), 'Set SPOKEBOT_HUB to a directory that holds hub.yml.')];
  }
}

/** Whether every kind that triage can find can be put as a label. */
function kinds({ catalogue }: HubSnapshot): Finding {
  const missing = kindsWithoutLabel(catalogue);
  if (missing.length === 0) return finding('kinds', 'ok', 'every kind has its label in the taxonomy');
  const names = missing.map((kind) => `"kind: ${kind}"`).join(', ');
  return finding(
    'kinds',
    'warn',
    `the taxonomy lacks ${names}`,
    'Add them under labels in hub.yml, or leave them out on purpose.',
  );
}

async function queue(env: Env): Promise<Finding[]> {
  if (!env.REDIS_URL) return [finding('queue', 'ok', env.DATABASE_URL ? 'PostgreSQL' : 'embedded')];
  const redis = new Redis(env.REDIS_URL, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    const [, policy] = (await redis.config('GET', 'maxmemory-policy')) as string[];
    return [
      policy === undefined || policy === 'noeviction'
        ? finding('queue', 'ok', 'Redis answers')
        : finding('queue', 'bad', `Redis evicts keys (${policy})`, 'Set maxmemory-policy noeviction in redis.conf.'),
    ];
  } catch (error) {
    return [finding('queue', 'bad', `Redis: ${describe(error)}`, 'Is REDIS_URL right, and does the server run?')];
  } finally {
    redis.disconnect();
  }
}

async function server(env: Env): Promise<Finding[]> {
  const running = findServe(dataDirectory(env));
  if (running === null)
    return [finding('serve', 'warn', 'does not run here', 'Start it: npm start (or look at its machine).')];
  try {
    const answer = await fetch(`${running.url}/readyz`, { signal: AbortSignal.timeout(5000) });
    return [
      answer.ok
        ? finding('serve', 'ok', `${running.url}, process ${running.pid}`)
        : finding('serve', 'bad', await answer.text(), 'Look at its log on stderr.'),
    ];
  } catch (error) {
    return [finding('serve', 'bad', describe(error), `Process ${running.pid} runs but does not answer.`)];
  }
}

/** What the App may do and hears, against what this version needs. */
export const NEEDED_PERMISSIONS: Readonly<Record<string, 'read' | 'write'>> = {
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  contents: 'read',
  metadata: 'read',
};

async function github(env: Env): Promise<Finding[]> {
  let settings: ReturnType<typeof readServeEnvironment>;
  try {
    settings = readServeEnvironment(env);
  } catch {
    return [];
  }
  try {
    const { handledEvents } = await import('../app.js');
    const client = openGithub({ ...settings, baseUrl: settings.githubApiUrl, log: pino({ level: 'silent' }) });
    const { data } = await (await client.app()).request('GET /app');
    if (data === null) return [finding('GitHub', 'bad', 'does not know this App', 'Check APP_ID and PRIVATE_KEY.')];
    const permissions = data.permissions as Record<string, string>;
    const missing = Object.entries(NEEDED_PERMISSIONS).filter(
      ([name, level]) => permissions[name] !== level && permissions[name] !== 'write',
    );
    // GitHub always sends the installation events; they cannot be chosen.
    const unheard = handledEvents().filter(
      (event) => !event.startsWith('installation') && !data.events.includes(event),
    );
    return [
      finding('GitHub', 'ok', `${settings.githubApiUrl} knows ${data.slug}`),
      missing.length === 0
        ? finding('permissions', 'ok', 'as needed')
        : finding(
            'permissions',
            'bad',
            `missing: ${missing.map(([name, level]) => `${name}: ${level}`).join(', ')}`,
            "Add them in the App's settings; each installation has to accept them.",
          ),
      unheard.length === 0
        ? finding('events', 'ok', 'as needed')
        : finding('events', 'bad', `not subscribed: ${unheard.join(', ')}`, "Subscribe to them in the App's settings."),
    ];
  } catch (error) {
    return [finding('GitHub', 'bad', describe(error), 'Check GITHUB_API_URL, APP_ID and PRIVATE_KEY.')];
  }
}

async function state(env: Env): Promise<Finding[]> {
  try {
    const found = await withState<StateHealth>(env, '/health', (db) => stateHealth(db, new Date()));
    if (found === null) return [finding('database', 'ok', 'nothing yet; the first start of serve makes it')];
    const findings = [
      finding('database', 'ok', `deliveries ${counts(found.deliveries)}; writes ${counts(found.intents)}`),
    ];
    for (const each of found.failedDeliveries)
      findings.push(
        finding(
          'delivery set aside',
          'bad',
          `${each.event} ${each.guid}: ${each.error}`,
          "Redeliver it from the App's settings once the cause is mended.",
        ),
      );
    for (const { id, repository, number, name, detail } of found.setAsideBuilds)
      findings.push(
        finding(
          'build set aside',
          'bad',
          `${repository}${number === null ? '' : `#${number}`} ${name}: ${detail}`,
          `Once the cause is mended: spokebot replay --build ${id.slice(0, 12)} (or --set-aside for all of them).`,
        ),
      );
    for (const each of found.failedIntents)
      findings.push(finding('write refused', 'warn', `${each.kind} (${each.id}): ${each.error}`));
    if (found.overdueBuilds > 0)
      findings.push(
        finding('builds', 'bad', `${found.overdueBuilds} past their deadline`, 'Is a serve running? It ends them.'),
      );
    for (const { id, pool } of found.copiedWorkers)
      findings.push(
        finding(
          'worker',
          'bad',
          `two workers of pool ${pool} go by the name ${id}`,
          'Stop one of them, remove the file worker-id in its directory, and start it again.',
        ),
      );
    return findings;
  } catch (error) {
    return [finding('database', 'bad', describe(error), 'Is DATABASE_URL right, or is the data directory readable?')];
  }
}

function counts(record: Readonly<Record<string, number>>): string {
  const parts = Object.entries(record).map(([name, n]) => `${n} ${name}`);
  return parts.length === 0 ? 'none yet' : parts.join(', ');
}
