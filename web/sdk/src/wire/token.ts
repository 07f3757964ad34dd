import { parseObject, wholeOf } from './frames.js';

/** Whom a token is for. Its signature is the server's to check. */
export interface TokenClaims {
  readonly userId: number;
  readonly appId: number;
}

/** Reads a token's claims; null when it is no token of Sailfish's. */
export function readToken(token: string): TokenClaims | null {
  const claims = parseObject(decodeBase64Url(token.split('.')[1] ?? ''));
  const userId = wholeOf(claims?.sub);
  const appId = wholeOf(claims?.app);
  return userId === null || appId === null ? null : { userId, appId };
}

function decodeBase64Url(text: string): string {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return '';
  }
}
