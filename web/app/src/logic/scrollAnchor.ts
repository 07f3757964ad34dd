const endSlack = 48;

/** Whether the reader looks at the newest, or nearly. */
export function isAtEnd({ scrollHeight, scrollTop, clientHeight }: Element): boolean {
  return scrollHeight - scrollTop - clientHeight < endSlack;
}

/**
 * Remembers which message stands at the top of a scrolled list. The function it returns moves the list so that it stands there
 * again, whatever was added or taken away before it. Browsers do so by themselves, but not all of them.
 */
export function captureAnchor(list: Element): () => void {
  const top = list.getBoundingClientRect().top;
  const anchor = [...list.querySelectorAll('[data-entry]')].find((child) => child.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top ?? 0;
  return () => {
    if (anchor?.isConnected) list.scrollTop += anchor.getBoundingClientRect().top - before;
  };
}
