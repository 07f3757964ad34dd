/** The longest that timers wait; beyond it they do not wait at all. */
export const maxTimeoutMs = 2 ** 31 - 1;

/** Waits; rejects with the signal's reason when that is aborted first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(ms, maxTimeoutMs),
    );
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** Waits until the promise is settled, but no longer than that; rejects with the signal's reason when that is aborted first. */
export async function settledWithin(promise: Promise<unknown>, ms: number, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const abort = () => enough.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise.then(noop, noop), sleep(ms, enough.signal)]);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', abort);
    enough.abort();
  }
}

/** The promise's outcome, or the signal's reason when that is aborted first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function noop(): void {}
