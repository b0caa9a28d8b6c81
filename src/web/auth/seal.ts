/**
 * Values that only we can read or make, for cookies: AES-256-GCM under a key that is derived from a configured secret. What was sealed
 * for one purpose opens for no other.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { z } from 'zod';

export interface Sealer {
  seal(purpose: string, value: unknown): string;
  /** Null for what we did not seal for this purpose, and for what has another form. */
  open<T>(purpose: string, sealed: string | undefined, schema: z.ZodType<T>): T | null;
}

const [IV, TAG] = [12, 16];

export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'spokebot cookies 1', 32));
  return {
    seal(purpose, value) {
      const iv = randomBytes(IV);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
    },
    open(purpose, sealed, schema) {
      if (sealed === undefined) return null;
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= IV + TAG) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV), { authTagLength: TAG })
          .setAAD(Buffer.from(purpose))
          .setAuthTag(bytes.subarray(IV, IV + TAG));
        const text = Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]);
        const parsed = schema.safeParse(JSON.parse(text.toString('utf8')));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },
  };
}
