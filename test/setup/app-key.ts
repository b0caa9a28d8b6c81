/** The key that the Apps of the sandboxes share, made once for each run (`global-setup.ts`). */
const privateKey = process.env.SPOKEBOT_TEST_APP_KEY;

/** To be spread into the options of an App. */
export const appKey: { readonly privateKey?: string } = privateKey === undefined ? {} : { privateKey };
