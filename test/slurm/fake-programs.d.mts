export function fakeProgram(
  directory: string,
  program: string,
  args: readonly string[],
  env: object,
): { exitCode: number; stdout: string; stderr: string };
