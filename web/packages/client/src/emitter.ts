/** Events by name. A listener that throws is reported and does not keep the others from hearing. */
export class Emitter<Events extends { [K in keyof Events]: unknown[] }> {
  #listeners = new Map<keyof Events, Set<unknown>>();

  on<K extends keyof Events>(event: K, listener: (...args: Events[K]) => void): this {
    let all = this.#listeners.get(event);
    if (!all) this.#listeners.set(event, (all = new Set()));
    all.add(listener);
    return this;
  }

  off<K extends keyof Events>(event: K, listener: (...args: Events[K]) => void): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  addListener<K extends keyof Events>(event: K, listener: (...args: Events[K]) => void): this {
    return this.on(event, listener);
  }

  removeListener<K extends keyof Events>(event: K, listener: (...args: Events[K]) => void): this {
    return this.off(event, listener);
  }

  once<K extends keyof Events>(event: K, listener: (...args: Events[K]) => void): this {
    const stop = this.listen(event, (...args) => {
      stop();
      listener(...args);
    });
    return this;
  }

  /** Like `on`, but gives back what stops it. */
  listen<K extends keyof Events>(event: K, listener: (...args: Events[K]) => void): () => void {
    this.on(event, listener);
    return () => void this.off(event, listener);
  }

  removeAllListeners(): this {
    this.#listeners.clear();
    return this;
  }

  emit<K extends keyof Events>(event: K, ...args: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as (...args: Events[K]) => void)(...args);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
