/**
 * Four programs of Slurm in one, for tests: `node fake-programs.mjs DIR sbatch|squeue|sacct|scancel ARGS`, or the same without a process.
 * DIR/jobs has a file for each job, DIR/faults.json says how the programs misbehave: the test changes them as a site would. DIR/calls
 * has a line for each call.
 */
import { appendFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function fakeProgram(directory, program, args, env) {
  const jobs = readdirSync(join(directory, 'jobs'))
    .filter((name) => /^\d+\.json$/.test(name))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => JSON.parse(readFileSync(join(directory, 'jobs', name), 'utf8')));
  const option = (name) => args.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
  const faults = JSON.parse(readFileSync(join(directory, 'faults.json'), 'utf8'));
  // One of a single word says what happens to calls with that word only.
  const fault = faults[program] ?? args.map((word) => faults[`${program} ${word}`]).find(Boolean);
  let printed = '';

  function keep(job) {
    const file = join(directory, 'jobs', `${job.id}.json`);
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(job));
    renameSync(`${file}.${process.pid}`, file);
  }

  /** Of several programs at a time each gets a number of its own. */
  function newJob(job) {
    for (let id = 101; ; id++) {
      try {
        writeFileSync(join(directory, 'jobs', `${id}.taken`), '', { flag: 'wx' });
        return keep({ ...job, id: String(id) }) ?? String(id);
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
    }
  }

  const commands = {
    sbatch() {
      const job = { name: option('job-name'), comment: option('comment'), args, env };
      printed += `${newJob({ ...job, state: 'PENDING', reason: 'Priority', exit: '0:0' })}\n`;
    },
    squeue() {
      for (const job of jobs.filter((each) => !each.hidden))
        printed += `${job.id}|${job.state}|${job.reason}|N/A|${job.shown ?? job.name}|${job.comment}\n`;
    },
    sacct() {
      for (const job of jobs.filter((each) => option('jobs').split(',').includes(each.id) && !each.unaccounted)) {
        const word = job.accounted ?? job.state;
        printed += `${job.id}|${word}|${job.exit}|${job.shown ?? job.name}|\n${job.id}.batch|${job.step ?? word}|${job.exit}|batch|\n`;
      }
    },
    scancel() {
      for (const job of jobs.filter((each) => args.includes(each.id)))
        keep({ ...job, cancels: (job.cancels ?? 0) + 1, state: 'CANCELLED' });
    },
  };
  if (!fault || fault.afterwards) commands[program]();
  let end = { exitCode: 0, stdout: printed, stderr: '' };
  if (fault) end = { exitCode: fault.exitCode ?? 1, stdout: fault.stdout ?? '', stderr: fault.stderr ?? '' };
  appendFileSync(join(directory, 'calls'), `${program}\n`);
  return end;
}

if (process.argv[1] === import.meta.filename) {
  const [directory, program, ...args] = process.argv.slice(2);
  const { exitCode, stdout, stderr } = fakeProgram(directory, program, args, process.env);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
}
