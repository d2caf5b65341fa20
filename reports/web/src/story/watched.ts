/** A value that tells those who watch it when it becomes another. */
export class Watched<Value> {
  private readonly watchers = new Set<(value: Value) => void>();
  constructor(private current: Value) {}

  get value(): Value {
    return this.current;
  }
  set(value: Value): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const watcher of this.watchers) watcher(value);
  }
  watch(watcher: (value: Value) => void): void {
    this.watchers.add(watcher);
  }
}

/** Calls `act` once things have been quiet for so long: what is costly need not follow every frame of a drag. */
export function whenQuiet(milliseconds: number, act: () => void): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(act, milliseconds);
  };
}
