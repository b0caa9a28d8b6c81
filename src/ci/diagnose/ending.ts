/** How the process ended, in one word, from the different ways in which systems say it. */

export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** `signal`: ended by one; `not-told`: nobody noted how. */
export type Ending =
  | { readonly kind: 'zero' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'not-told' };

const BY_NUMBER: Readonly<Record<number, string>> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  4: 'ILL',
  6: 'ABRT',
  7: 'BUS',
  8: 'FPE',
  9: 'KILL',
  10: 'USR1',
  11: 'SEGV',
  12: 'USR2',
  13: 'PIPE',
  14: 'ALRM',
  15: 'TERM',
  24: 'XCPU',
  25: 'XFSZ',
};

/** Reads exit code and signal: `SIGTERM`, `term`, `15`, -15 (Python) and 143 (shells) are the same. */
export function readExit({ exitCode, signal }: Exit): Ending {
  if (signal !== null && signal !== '') return { kind: 'signal', signal: signalName(signal) };
  if (exitCode === null) return { kind: 'not-told' };
  if (exitCode === 0) return { kind: 'zero' };
  const number = exitCode < 0 ? -exitCode : exitCode > 128 ? exitCode - 128 : 0;
  const name = BY_NUMBER[number];
  return name === undefined ? { kind: 'code', code: exitCode } : { kind: 'signal', signal: name };
}

/** Without `SIG`, in capitals. */
export function signalName(signal: string): string {
  const plain = signal.trim().toUpperCase().replace(/^SIG/, '');
  return /^\d+$/.test(plain) ? (BY_NUMBER[Number(plain)] ?? plain) : plain;
}

/** Is it a name or number of a signal at all? */
export function isSignal(signal: string): boolean {
  const name = signalName(signal);
  return Object.values(BY_NUMBER).includes(name) || ['STOP', 'CONT', 'TSTP', 'CHLD', 'TRAP', 'SYS'].includes(name);
}

/** Of a signal that ended Spack itself. */
export function categoryOfSignal(signal: string): 'interrupted' | 'killed' | 'spack-internal' {
  if (signal === 'INT') return 'interrupted';
  return ['SEGV', 'ABRT', 'BUS', 'ILL', 'FPE', 'SYS', 'TRAP'].includes(signal) ? 'spack-internal' : 'killed';
}
