// One document with one number, and transactions on it in which the first updater wins: what MongoDB's storage engine does with
// error 112, reduced to what the exporter meets.

export class WriteConflict extends Error {
  code = 112;
  constructor() { super("WriteConflict (112)"); }
}

class Counter {
  #last = 0;
  #holder = undefined;

  begin() {
    let number;
    const transaction = {
      next: () => {
        if (this.#holder !== undefined) throw new WriteConflict();
        this.#holder = transaction;
        return (number = this.#last + 1);
      },
      commit: () => { this.#last = number; this.#holder = undefined; },
      abort: () => { if (this.#holder === transaction) this.#holder = undefined; },
    };
    return transaction;
  }
}

export const counter = new Counter();
