/** What comes back from the hub, opened only so far that one message that is not understood leaves the others alone. */
import { z } from 'zod';

/** Answer to a poll, or (without builds) to events; each message is parsed by itself. */
export const BuildsAndControls = z.object({
  builds: z.array(z.unknown()).default([]),
  controls: z.array(z.unknown()),
  unfit: z.string().optional(),
});
