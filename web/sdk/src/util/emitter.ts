/** Calls handlers by the name of an event. A handler that throws is reported as uncaught and disturbs nobody else. */
export class Emitter<Events> {
  readonly #handlers = new Map<keyof Events, Set<(event: never) => void>>();

  on<K extends keyof Events>(name: K, handler: (event: Events[K]) => void): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers);
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  emit<K extends keyof Events>(name: K, event: Events[K]): void {
    for (const handler of [...(this.#handlers.get(name) ?? [])]) {
      try {
        (handler as (event: Events[K]) => void)(event);
      } catch (fault) {
        setTimeout(() => {
          throw fault;
        });
      }
    }
  }
}
