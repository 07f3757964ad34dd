/** Does something now and then, as long as somebody sees the page and until the function it returns is called. */
export function whileSeen(look: () => void, everyMs: number): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') look();
  }, everyMs);
  return () => clearInterval(timer);
}
