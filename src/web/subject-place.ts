/** `owner/name` and number out of an address; null for what can be neither. */

export interface SubjectPlace {
  readonly fullName: string;
  readonly number: number;
}

export function placeOf(params: { owner: string; name: string; number: string }): SubjectPlace | null {
  if (!/^[\w.-]{1,100}$/.test(params.owner) || !/^[\w.-]{1,100}$/.test(params.name)) return null;
  if (!/^[1-9]\d{0,9}$/.test(params.number)) return null;
  const number = Number(params.number);
  return number < 2 ** 31 ? { fullName: `${params.owner}/${params.name}`, number } : null;
}
