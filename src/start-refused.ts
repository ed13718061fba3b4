/** Why the service does not start, in words for whoever runs it. */
export class StartRefused extends Error {}
