/**
 * @typedef {object} Row One tool's line.
 * @property {(what: string, idle?: boolean) => void} say What is going on now. The first call starts the clock. `idle`: it
 *   only waits for another row, which is written once, and comes after the others on a terminal.
 * @property {(what: string) => void} note Writes a line that stays.
 * @property {(what: string) => void} done The tool is installed; `what` says where it came from.
 */

/**
 * Reports what set-up is doing: `[3/8] pulumi 3.259.0: building from source, package 412, 1 m 20 s`. On a terminal all rows
 * share one line, which is rewritten. Elsewhere each gets a line at its start, every 15 s and at its end. A tool that never
 * says anything gets none, so a set-up with nothing to do is silent.
 */
export class Progress {
  /** @type {Map<string, { what: string, idle: boolean, since: number, said: number }>} */
  #rows = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #drawn = false;
  #stream;
  #count;

  /**
   * @param {{ write: (text: string) => unknown, isTTY?: boolean, columns?: number }} stream usually standard error
   * @param {number} count number of all tools
   */
  constructor(stream, count) {
    this.#stream = stream;
    this.#count = count;
  }

  /**
   * @param {number} position of the tool in the order of set-up, from 1
   * @param {string} title name and version
   * @returns {Row}
   */
  row(position, title) {
    const label = `[${position}/${this.#count}] ${title}`;
    return {
      say: (what, idle = false) => {
        const row = this.#rows.get(label);
        if (row) {
          Object.assign(row, { what, idle });
        } else {
          const now = Date.now();
          this.#rows.set(label, { what, idle, since: now, said: now });
          this.#timer ??= setInterval(() => this.#tick(), 1000);
          if (!this.#stream.isTTY) {
            this.#line(`${label}: ${what}`);
          }
        }
        if (this.#stream.isTTY) {
          this.#draw();
        }
      },
      note: (what) => this.#line(`${label}: ${what}`),
      done: (what) => {
        const row = this.#rows.get(label);
        if (!row) {
          return;
        }
        this.#rows.delete(label);
        this.#line(`${label}: ${what}, ${duration(Date.now() - row.since)}`);
      },
    };
  }

  /** Stops reporting. Without this the process would not end. */
  close() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#erase();
  }

  #tick() {
    if (this.#stream.isTTY) {
      return this.#draw();
    }
    for (const [label, row] of this.#rows) {
      if (row.idle || Date.now() - row.said < 15_000) {
        continue;
      }
      row.said = Date.now();
      this.#line(this.#text(label, row));
    }
  }

  /**
   * @param {string} label
   * @param {{ what: string, since: number }} row
   */
  #text(label, { what, since }) {
    return `${label}: ${what}, ${duration(Date.now() - since)}`;
  }

  #draw() {
    const rows = [...this.#rows].sort(([, a], [, b]) => Number(a.idle) - Number(b.idle));
    const text = rows.map(([label, row]) => this.#text(label, row)).join("; ");
    this.#erase();
    if (text === "") {
      return;
    }
    this.#stream.write(text.slice(0, (this.#stream.columns ?? 80) - 1));
    this.#drawn = true;
  }

  #erase() {
    if (this.#drawn) {
      this.#stream.write("\r\u001b[2K");
    }
    this.#drawn = false;
  }

  /** @param {string} text */
  #line(text) {
    this.#erase();
    this.#stream.write(`${text}\n`);
  }
}

/**
 * @param {number} milliseconds
 * @returns {string} `48 s`, `1 m 20 s`
 */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}
