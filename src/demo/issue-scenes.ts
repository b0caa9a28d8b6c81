/** The scenes about issues: who answers for them, and that a person's word is final. */
import { ISSUES } from './filed.js';
import { type Story, settled, WAIT } from './scene.js';

const REPOSITORIES: Readonly<Record<string, string>> = {
  'kokkos/kokkos': 'Performance portability for C++.',
  'hypre-space/hypre': 'Scalable linear solvers and multigrid.',
  'LLNL/zfp': 'Compressed numerical arrays.',
  'trilinos/Trilinos': 'Object-oriented solver packages.',
  'HDFGroup/hdf5': 'Files for large and complex data.',
  'spack/spack-packages': 'Recipes of Spack packages.',
};

export async function install({ github, tell, before }: Story): Promise<void> {
  tell.scene('The communities install spokebot');
  for (const [repo, description] of Object.entries(REPOSITORIES))
    await github.createRepo(repo, {
      description,
      files: {
        'README.md': `# ${repo.split('/')[1]}\n\n${description}\n`,
        'src/main.c': 'int main(void) { return 0; }\n',
      },
      collaborators: { octocat: 'write', hubot: 'read', mona: 'maintain' },
    });
  const old = await github.as('hubot').openIssue('kokkos/kokkos', {
    title: 'Kokkos::View crashes',
    body: 'An issue from before spokebot came.',
  });
  before.push({ repo: 'kokkos/kokkos', number: old.number });
  await nextSecond();
  for (const account of new Set(Object.keys(REPOSITORIES).map((repo) => repo.split('/')[0]!)))
    await github.as('mona').install(account);
  await github.idle({ quietMs: 300 });
  tell.does('mona', `installs spokebot on ${Object.keys(REPOSITORIES).length} repositories`);
  tell.holds(
    'issues from before are left alone unasked',
    (await github.as('mona').labels('kokkos/kokkos', old.number)).length === 0,
  );
}

/** GitHub's times have whole seconds: what was opened in the very second in which the App came would count as new. */
async function nextSecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000) + 5));
}

export async function route({ github, tell, issues }: Story): Promise<void> {
  tell.scene('Issues come in and go to who answers for them');
  for (const filed of ISSUES) {
    const issue = await github.as('hubot').openIssue(filed.repo, { title: filed.title, body: filed.body });
    issues.push({ repo: filed.repo, number: issue.number });
    tell.does('hubot', `opens ${filed.repo}#${issue.number}: ${filed.title}`);
    const labels = await settled(github, filed.repo, issue.number);
    tell.shows(`${labels.join(', ')}  (${filed.because})`);
    tell.holds(
      `${filed.repo}#${issue.number} is labelled ${filed.expect.join(', ')}`,
      filed.expect.every((label) => labels.includes(label)),
    );
  }
}

export async function wrongRepository({ github, tell, issues }: Story): Promise<void> {
  tell.scene('One is filed in the wrong repository');
  const repo = 'kokkos/kokkos';
  const issue = await github.as('hubot').openIssue(repo, {
    title: 'HDF5: H5Dread returns wrong data with chunked datasets',
    body: [
      'Reading a chunked dataset with HDF5 1.14.5 gives zeros. This is a problem in HDF5 and has nothing to do with Kokkos.',
      '',
      '### Which project?',
      '',
      'HDF5',
    ].join('\n'),
  });
  issues.push({ repo, number: issue.number });
  tell.does('hubot', `opens ${repo}#${issue.number}: ${issue.title}`);
  const labels = await settled(github, repo, issue.number);
  tell.shows(labels.join(', '));
  tell.holds('it is routed to the spoke of HDF5, not to that of Kokkos', labels.includes('spoke: dav'));
  const [comment] = await github.as('hubot').comments(repo, issue.number);
  tell.holds('the comment says why', comment?.body.includes('HDF5') === true);
}

export async function personsWord({ github, tell, issues }: Story): Promise<void> {
  tell.scene("A person's word is final");
  const { repo, number } = issues[0]!;
  await github.as('mona').removeLabel(repo, number, 'kind: bug');
  tell.does('mona', `takes the label "kind: bug" off ${repo}#${number}`);
  await github.idle({ quietMs: 300 });
  await github.as('hubot').editIssue(repo, number, { body: 'It crashes. Backtrace attached: segmentation fault.' });
  tell.does('hubot', 'edits the issue, which is triaged again');
  await github.idle({ quietMs: 1000 });
  const labels = await github.as('mona').labels(repo, number);
  tell.shows(labels.join(', '));
  tell.holds('the label stays off', !labels.includes('kind: bug'));
}

export async function oneLine({ github, tell, issues }: Story): Promise<void> {
  tell.scene('A lead takes an unclear issue on with one line');
  const { repo, number } = issues[ISSUES.length - 1]!;
  await github.as('mona').comment(repo, number, 'I know that one.\n\n/spokebot product zfp');
  tell.does('mona', `who leads RAPIDS, writes "/spokebot product zfp" on ${repo}#${number}`);
  const labels = await github.until(
    'the issue is at its spoke',
    async () => {
      const now = await github.as('mona').labels(repo, number);
      return now.includes('spoke: rapids') && !now.includes('needs: routing') && now;
    },
    WAIT,
  );
  tell.shows(labels.join(', '));
  await github.idle({ quietMs: 300 });
  const ours = (await github.as('mona').comments(repo, number)).filter(
    (comment) => comment.user.login === 'spokebot[bot]',
  );
  tell.holds('it is at RAPIDS now, and there is still one comment', ours.length === 1);
}
