/**
 * The environment of a build's processes: an allow-list, since the worker's own holds its pool token and may hold database addresses.
 */
import type { BuildPlaces } from './places.js';
import { BUILD_MARK } from './processes.js';

/** Names that are handed on as they are, if set. */
const HANDED_ON = ['PATH', 'SPACK_ROOT', 'SPACK_PYTHON', 'PYTHONPATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'TZ'];
/** Sources are fetched through the site's proxy; an address with a password in it stays here. */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

type Env = Readonly<Record<string, string | undefined>>;

/** What of the worker's environment a Spack process may see at all. */
export function allowedEnvironment(env: Env): Record<string, string> {
  const allowed: Record<string, string> = { LC_ALL: 'C', LANG: 'C', GIT_TERMINAL_PROMPT: '0' };
  for (const name of HANDED_ON) if (env[name]) allowed[name] = env[name];
  for (const name of PROXIES) if (env[name] && !env[name].includes('@')) allowed[name] = env[name];
  for (const [name, value] of Object.entries(env))
    if (name.startsWith('SPOKEBOT_RECORDED_') && value) allowed[name] = value;
  return allowed;
}

/** The environment of one attempt. */
export function buildEnvironment(
  allowed: Readonly<Record<string, string>>,
  places: BuildPlaces,
): Record<string, string> {
  return {
    ...allowed,
    HOME: places.home,
    TMPDIR: places.temporary,
    // Spack wraps error context at the terminal's width, in the middle of paths.
    COLUMNS: '100000',
    PYTHONUNBUFFERED: '1',
    SPACK_DISABLE_LOCAL_CONFIG: '1',
    SPACK_USER_CACHE_PATH: places.userCache,
    [BUILD_MARK]: places.workspace,
  };
}

/** The same for git: no prompts, nobody's configuration, no helper that knows a password. */
export function gitEnvironment(allowed: Readonly<Record<string, string>>, places: BuildPlaces): Record<string, string> {
  return {
    ...buildEnvironment(allowed, places),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ASKPASS: 'true',
  };
}
