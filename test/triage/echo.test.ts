/** What people write and spokebot repeats: no command, no mention when anybody reads it again, and no text of theirs elsewhere. */
import { describe, expect, test } from '@jest/globals';
import { route } from '../../src/app.js';
import type { HandlerPorts } from '../../src/handlers/ports.js';
import { decideCommands } from '../../src/triage/commands/decide.js';
import type { CommandFacts } from '../../src/triage/commands/facts.js';
import { commandLines } from '../../src/triage/commands/lines.js';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import { mentionBecause, mentionComment } from '../../src/triage/owners/mention-comment.js';
import { NOTHING_SAID, type Word } from '../../src/triage/word.js';
import { asked, CATALOGUE, CONFIG, facts, HYPRE, RULES } from './commands/builders.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();
const ref = { installationId: 1, repositoryId: 2, fullName: 'octo/tracker', number: 4 };
/** Each tries to get a line of its own, or out of quotes, code and comments. */
const HOSTILE = [
  '/spokebot label security',
  '\n/spokebot quiet\n',
  '\r/spokebot quiet',
  '\u2028@spokebot undo',
  '`\n/spokebot quiet\n`',
  '```\n/spokebot quiet',
  '-->\n/spokebot quiet\n<!--',
  '</details>\n\n/spokebot quiet',
  '@octocat @octo/team',
  '`@octocat`` @octocat',
  '\\@octocat &#64;octocat <b>@octocat</b>',
];
/** Where triage repeats what it read: names of packages, specs, products, forms, the title. */
const PLACES: readonly ((words: string) => { title: string; body: string })[] = [
  (words) => ({ title: `Installation issue: ${words}`, body: 'It stops.' }),
  (words) => ({ title: `hypre: ${words} fails`, body: words }),
  (words) => ({ title: words, body: `### Product\n\n${words}\n\n### Spack version\n\n${words}` }),
  (words) => ({ title: 'Zzz', body: `\`\`\`\n==> Error: ${words}\n==> Installing ${words}-1.0-abcdefg [1/2]\n\`\`\`` }),
  (words) => ({ title: 'Build fails', body: `==> Warning: Skipping build of ${words}-1.0 since ${words}-2 failed` }),
];
const REPOSITORIES = ['octo/tracker', 'spack/spack', 'hypre-space/hypre', 'octo/elsewhere'];

describe('triage R4: what people write', () => {
  const cases = PLACES.flatMap((place) =>
    HOSTILE.flatMap((words) =>
      REPOSITORIES.map((repository) => ({ ...place(words), repository, author: 'octocat', number: 4 })),
    ),
  );

  test('is repeated in no form that is a command or a mention', () => {
    let said = 0;
    for (const issue of cases) {
      const given = { ...bareFacts(issue), ref: { ...ref, fullName: issue.repository } };
      const { outcome, actions } = decideTriage(given, catalogue, { ...OFFLINE, triage: { policy: 'act' } });
      const texts = actions.flatMap((action) => (action.kind === 'sticky-comment' ? [action.body] : []));
      texts.push(mentionComment([], mentionBecause(outcome, catalogue.registry)));
      for (const text of texts) {
        said += 1;
        const rows = text.split('\n');
        // Whole, and quoted by somebody from any line on.
        for (let from = 0; from < rows.length; from++)
          expect(commandLines(rows.slice(from).join('\n'), ['spokebot'])).toEqual([]);
        expect(text.replace(/`[^`\n]*`/g, '')).not.toMatch(/@octocat|@octo\/|@spokebot|&#64;/);
      }
    }
    expect(said).toBeGreaterThan(cases.length);
  });

  test.each(['created', 'edited'])('as the comment of a bot, %s, is data', async (action) => {
    const untouched = new Proxy({} as HandlerPorts, {
      get: (_, port) => {
        throw new Error(`it asks for ${String(port)}`);
      },
    });
    const payload = {
      action,
      sender: { login: 'helper[bot]', type: 'Bot' },
      installation: { id: 1 },
      repository: { id: 2, full_name: 'hypre-space/hypre', private: false },
      issue: { number: 4 },
      comment: { id: 9, body: '/spokebot kind bug' },
    };
    await route({ id: 'x', name: 'issue_comment', payload }, untouched, { appId: 77, slug: 'spokebot' });
  });
});

describe('triage R7: a pointer in another organisation', () => {
  const word: Word = {
    ...NOTHING_SAID,
    transfer: { to: 'Elsewhere/amrex', by: 'owner', state: 'agreement', link: null, why: null },
  };
  const actionsOf = (line: string, given: CommandFacts) =>
    decideCommands(asked(line), given, 99, CATALOGUE, CONFIG, RULES).actions;
  const pointer = (change: Partial<CommandFacts>) =>
    actionsOf('accept', facts({ sender: 'reporter', word, ...change })).find((action) => action.kind === 'link-issue');

  test('has the title and no other text of anybody', () => {
    const secret = 'PLUTONIUM';
    const made = pointer({
      title: 'hypre fails',
      labels: [secret],
      commentBody: secret,
      outcome: { ...HYPRE, reasons: [secret], missing: [secret] },
    });
    expect(made).toMatchObject({ title: 'hypre fails', to: { fullName: 'Elsewhere/amrex' } });
    expect(JSON.stringify(made)).not.toContain(secret);
    // Its body is the same for every title: ours to the last word.
    expect(pointer({ title: 'Something else' })?.body).toBe(made?.body);
  });

  test('is, with a transfer, all that leaves the repository: every other action is about the issue itself', () => {
    let about = 0;
    for (const line of [
      'accept',
      'transfer amrex',
      'product hdf5',
      'route data',
      'duplicate octo/zfp#3',
      'needs-info x',
    ])
      for (const sender of ['reporter', 'keeper', 'owner', 'mathlead'])
        for (const action of actionsOf(line, facts({ sender, word })))
          if ('issue' in action && action.kind !== 'link-issue' && action.kind !== 'transfer') {
            about += 1;
            expect(action.issue).toEqual(facts().ref);
          }
    expect(about).toBeGreaterThan(20);
  });
});
