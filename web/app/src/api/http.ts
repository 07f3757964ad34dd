import { beneath } from '../logic/beneath';

/** Why a call failed: the envelope's code, or 0 when there was no answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  /** For how long trying again cannot help; null where that is not known. */
  readonly retryAfterMs: number | null;

  constructor(code: number, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

interface Envelope {
  readonly code: number;
  readonly msg?: string;
  readonly data?: unknown;
}

type Answer = Envelope & { readonly retryAfterMs: number | null };

/** When a call is given up. */
export interface CallLimits {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** After which a call is given up, where nothing else is said. */
export const timeoutMs = 15_000;
const uploadTimeoutMs = 120_000;

/** Calls the page API and gives the envelope's data; throws {@link ApiError} for every other outcome. */
export async function post<T>(path: string, body: object = {}, limits: CallLimits = {}): Promise<T> {
  const init = { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  return await call<T>(path, init, limits);
}

/** Uploads a file, with what else is said of it; without one, that alone. */
export async function upload<T>(
  path: string,
  name: string,
  file: File | null,
  fields: Readonly<Record<string, string>> = {},
): Promise<T> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  if (file) form.append(name, file);
  return await call<T>(path, { body: form }, { timeoutMs: uploadTimeoutMs });
}

async function call<T>(path: string, init: RequestInit, limits: CallLimits): Promise<T> {
  const envelope = await read(path, init, limits);
  if (envelope.code !== 200) throw new ApiError(envelope.code, envelope.msg ?? '', envelope.retryAfterMs);
  return (envelope.data ?? {}) as T;
}

async function read(path: string, init: RequestInit, limits: CallLimits): Promise<Answer> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, limits.timeoutMs ?? timeoutMs);
  limits.signal?.addEventListener('abort', abort, { once: true });
  if (limits.signal?.aborted) abort();
  try {
    return await ask(path, { ...init, signal: stop.signal });
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', abort);
  }
}

async function ask(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(beneath(path), { method: 'POST', credentials: 'same-origin', ...init });
  } catch (cause) {
    throw new ApiError(0, String(cause));
  }
  const retryAfterMs = secondsOf(response.headers.get('Retry-After'));
  try {
    return { ...((await response.json()) as Envelope), retryAfterMs };
  } catch {
    // A proxy's page, or a server that is starting: its status is all there is to go by.
    throw new ApiError(response.ok ? 500 : response.status, response.statusText, retryAfterMs);
  }
}

/** The header's seconds, in milliseconds; null where it says something else. */
function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : null;
}
