/** Headers that every answer carries: nothing from elsewhere is loaded, nothing inline runs, nobody frames the pages. */
import type { MiddlewareHandler } from 'hono';
import { every } from 'hono/combine';
import { secureHeaders } from 'hono/secure-headers';

/** `publicUrl` says whether people come over https; only then browsers are told to never come otherwise. */
export function pageHeaders(publicUrl: string | null): MiddlewareHandler {
  return every(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      // This host only: what else lies below its name is not ours.
      strictTransportSecurity: publicUrl?.startsWith('https:') ? 'max-age=31536000' : false,
      permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
    }),
    async (c, next) => {
      await next();
      // What a page shows can stop being public at any moment; assets set their own.
      if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
    },
  );
}
