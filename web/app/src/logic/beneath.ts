/**
 * A path of the server's, `/avatar/7.svg`, as an address beneath the folder that the page stands in: behind a proxy that
 * may be any. The page's own address never changes but for its hash, so a relative address will do.
 */
export function beneath(path: string): string {
  return path.startsWith('/') && !path.startsWith('//') ? `.${path}` : path;
}
