/** Why a file cannot be read, in words and without its name, which the message around it has already. */

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read by you',
  EISDIR: 'it is a directory',
};

export function whyUnreadable(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' && Object.hasOwn(WHY, code) ? WHY[code] : undefined;
  return known ?? (typeof message === 'string' ? message : String(error));
}
