/** The hub understood a request and will not take it, however often it is repeated. */
export class RefusedByHub extends Error {}
