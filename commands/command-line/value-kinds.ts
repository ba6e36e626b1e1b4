/** What the value of an option may be. */
export interface ValueKind<T> {
  /** For people, behind "expects": "a whole number, such as 10". */
  expects: string;
  /** @returns undefined if the text is not of this kind */
  read: (text: string) => T | undefined;
}

/** Any text but the empty one. */
export const someText: ValueKind<string> = {
  expects: "a value",
  read: (text) => (text === "" ? undefined : text),
};

/** From 0 to 999999. */
export const wholeNumber: ValueKind<number> = {
  expects: "a whole number, such as 10",
  read: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
};

/** A number of seconds, read as milliseconds. */
export const seconds: ValueKind<number> = {
  expects: "a number of seconds, such as 300",
  read: (text) => (/^\d{1,6}(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) * 1000 : undefined),
};

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Minutes, hours or days, read as milliseconds. */
export const age: ValueKind<number> = {
  expects: "minutes, hours or days, such as 90m, 6h or 2d",
  read(text) {
    const [, count, unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
    return count === undefined ? undefined : Number(count) * (units[unit] ?? 0);
  },
};

/** A host with or without a port. */
export const host: ValueKind<string> = {
  expects: "the host of a registry, such as docker.io or localhost:5000",
  read: (text) => (/^[A-Za-z0-9.-]+(:\d+)?$/.test(text) ? text : undefined),
};
