/** Stops the servers that the setup started. */
export default async () => globalThis.stopServers?.();
