import { ClientErrors, SailfishError } from '../errors.js';
import type { ResolvedOptions } from '../options.js';
import { Deferred } from '../util/deferred.js';
import { unlessAborted } from '../util/sleep.js';
import { type Body, type Frame, FrameCode, wholeOf } from '../wire/frames.js';
import { newId } from '../wire/ids.js';
import { farewellOf, refusalOf } from '../wire/refusals.js';
import { readToken, type TokenClaims } from '../wire/token.js';
import { Session } from './session.js';
import { Transport } from './transport.js';

const modernProtocol = 2;
const defaultHeartbeatSeconds = 30;

/** Connects and logs in, always as the same user. */
export class Login {
  readonly #options: ResolvedOptions;
  readonly #deviceId: string;
  #identity: TokenClaims | null = null;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#deviceId = options.deviceId ?? newId();
  }

  /** The user that the tokens are for; null before the first token. */
  get userId(): number | null {
    return this.#identity?.userId ?? null;
  }

  /** The app that the tokens are for; null before the first token. */
  get appId(): number | null {
    return this.#identity?.appId ?? null;
  }

  /** A logged-in connection; a {@link SailfishError} when there is none to be had. */
  async open(signal: AbortSignal): Promise<Session> {
    const stop = new AbortController();
    const abort = () => stop.abort(signal.reason);
    const timer = setTimeout(() => stop.abort(unreachable('did not answer in time')), this.#options.connectTimeoutMs);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await this.#openWithin(stop.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  async #openWithin(signal: AbortSignal): Promise<Session> {
    const token = await unlessAborted(this.#token(signal), signal);
    signal.throwIfAborted();
    const body = this.#request(token);
    const transport = await unlessAborted(this.#connect(signal), signal);
    try {
      return await unlessAborted(this.#logIn(transport, body), signal);
    } catch (cause) {
      transport.close();
      throw cause;
    }
  }

  async #token(signal: AbortSignal): Promise<string> {
    try {
      return await this.#options.token(signal);
    } catch (cause) {
      throw new SailfishError(ClientErrors.tokenUnavailable, 'the token callback threw', { cause });
    }
  }

  async #connect(signal: AbortSignal): Promise<Transport> {
    try {
      return await Transport.open(this.#options.WebSocket, this.#options.url, signal);
    } catch (cause) {
      throw unreachable('cannot be reached', cause);
    }
  }

  #request(token: string): Body {
    const { platform, roomState } = this.#options;
    const features = roomState ? { features: ['state'] } : {};
    return {
      token,
      ...this.#identify(token),
      deviceId: this.#deviceId,
      platform,
      protocol: modernProtocol,
      ...features,
    };
  }

  /** What waits to be sent is one user's: a token for another must not carry it. */
  #identify(token: string): TokenClaims {
    const claims = readToken(token);
    if (!claims) throw new SailfishError('bad_token', 'the token callback gave no token', { final: true });
    this.#identity ??= claims;
    if (claims.userId !== this.#identity.userId || claims.appId !== this.#identity.appId)
      throw new SailfishError('bad_token', 'the token is for another user than the first', { final: true });
    return this.#identity;
  }

  async #logIn(transport: Transport, request: Body): Promise<Session> {
    const session = new Deferred<Session>();
    transport.ended.then((cause) => session.reject(cause));
    transport.listen((frame: Frame) => {
      if (frame.code === FrameCode.error) session.reject(refusalOf(frame.body));
      else if (frame.code === FrameCode.bye) session.reject(farewellOf(frame.body));
      else if (frame.code === FrameCode.login) {
        // What follows is for the session.
        transport.listen(null);
        session.resolve(new Session(transport, heartbeatOf(frame.body), this.#options.heartbeatMs));
      }
    });
    transport.send(FrameCode.login, request);
    return await session.promise;
  }
}

function heartbeatOf(reply: Body): number {
  const seconds = wholeOf(reply.heartbeatSeconds) ?? 0;
  return 1000 * (seconds > 0 ? seconds : defaultHeartbeatSeconds);
}

function unreachable(why: string, cause?: unknown): SailfishError {
  return new SailfishError(ClientErrors.unreachable, `the server ${why}`, { cause });
}
