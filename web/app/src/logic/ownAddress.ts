import { beneath } from './beneath';

/**
 * The address of a path that may have the server's own prefix in front, `/chat/live/7.jpg`, or may not: either way it is
 * beneath the folder that the page stands in.
 */
export function ownAddress(path: string, page: string = location.href): string {
  const folder = new URL('.', page).pathname;
  return path.startsWith(folder) ? path : beneath(path);
}

/** The same as the address of a WebSocket. */
export function socketAddress(path: string, page: string = location.href): string {
  return new URL(ownAddress(path, page), page).href.replace(/^http/, 'ws');
}
