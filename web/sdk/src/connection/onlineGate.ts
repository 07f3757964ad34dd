import type { SailfishError } from '../errors.js';
import { Deferred } from '../util/deferred.js';
import type { Session } from './session.js';

/** Where those wait who need a connection. */
export class OnlineGate {
  #waiting = new Deferred<Session>();
  #current: Session | null = null;

  /** The connection there is; null while there is none. */
  get current(): Session | null {
    return this.#current;
  }

  wait(): Promise<Session> {
    return this.#waiting.promise;
  }

  open(session: Session): void {
    this.#current = session;
    this.#waiting.resolve(session);
  }

  /** The connection is gone; who comes now waits for the next. */
  reset(lost: Session): void {
    if (this.#current !== lost) return;
    this.#current = null;
    this.#waiting = new Deferred();
  }

  /** There will be no further connection. */
  close(cause: SailfishError): void {
    if (this.#current) this.#waiting = new Deferred();
    this.#current = null;
    this.#waiting.reject(cause);
  }
}
