/** People, organizations, teams and Apps as the API shows them. */
import type { App, Installation, Team, User } from '../types.js';
import { theUser, type World } from '../world.js';

const LINKS: readonly [key: string, path: string][] = [
  ['followers_url', '/followers'],
  ['following_url', '/following{/other_user}'],
  ['gists_url', '/gists{/gist_id}'],
  ['starred_url', '/starred{/owner}{/repo}'],
  ['subscriptions_url', '/subscriptions'],
  ['organizations_url', '/orgs'],
  ['repos_url', '/repos'],
  ['events_url', '/events{/privacy}'],
  ['received_events_url', '/received_events'],
];

export function userJson(world: World, user: User) {
  const url = `${world.url()}/users/${encodeURIComponent(user.login)}`;
  const page = user.type === 'Bot' ? `/apps/${user.login.replace('[bot]', '')}` : `/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: `U_${user.id}`,
    avatar_url: `${world.url()}/_sandbox/avatar/${user.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.url()}${page}`,
    ...Object.fromEntries(LINKS.map(([key, path]) => [key, url + path])),
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The person of a login that the state names. */
export function personJson(world: World, login: string) {
  return userJson(world, theUser(world, login));
}

export function organizationJson(world: World, user: User) {
  const url = `${world.url()}/orgs/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: `O_${user.id}`,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url()}/_sandbox/avatar/${user.id}`,
    description: user.name,
  };
}

export function teamJson(world: World, team: Team) {
  const url = `${world.url()}/orgs/${team.org}/teams/${team.slug}`;
  return {
    id: team.id,
    node_id: `T_${team.id}`,
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url,
    html_url: url,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
  };
}

export function appJson(world: World, app: App) {
  return {
    id: app.id,
    node_id: `A_${app.id}`,
    client_id: `Iv23sandbox${app.id}`,
    slug: app.slug,
    owner: personJson(world, app.owner),
    name: app.name,
    description: '',
    external_url: world.url(),
    html_url: `${world.url()}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function installationJson(world: World, installation: Installation) {
  const app = world.store.apps.the(installation.appId);
  const account = theUser(world, installation.account);
  return {
    id: installation.id,
    node_id: `IN_${installation.id}`,
    client_id: `Iv23sandbox${app.id}`,
    account: userJson(world, account),
    repository_selection: installation.selection,
    access_tokens_url: `${world.url()}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.url()}/installation/repositories`,
    html_url: `${world.url()}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_at: installation.suspendedAt,
    suspended_by: installation.suspendedBy === null ? null : personJson(world, installation.suspendedBy),
  };
}
