/** The hub's address as an operator writes it. */

/** Throws with a sentence that says what is wrong. The result ends in a slash, so that paths can be put after it. */
export function parseHubUrl(hubUrl: string): URL {
  let url: URL;
  try {
    url = new URL(hubUrl.endsWith('/') ? hubUrl : `${hubUrl}/`);
  } catch {
    throw new Error(`SPOKEBOT_HUB_URL is "${hubUrl}", which is not a URL; it looks like https://hub.example.org`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Error(`SPOKEBOT_HUB_URL begins with ${url.protocol} but must be an https address`);
  return url;
}

/** True for addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}
