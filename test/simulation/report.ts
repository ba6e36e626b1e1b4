import type { Rule } from "./rules/observer.ts";
import type { Result } from "./schedule/schedule.ts";

/** What many schedules found. */
export interface ReportJson {
  schedules: number;
  /** Requests that took effect. */
  requests: number;
  /** Different states of the world that were seen. */
  worlds: number;
  seconds: number;
  violations: { seed: number; mix: string; signed: boolean; rule: Rule; words: string }[];
  /** Windows that docs/limits.md admits, by rule. */
  limits: Record<string, number>;
  /** Of each schedule, the hash of its trace. */
  hashes: string[];
}

/** A row of the table. */
interface Row {
  schedules: number;
  requests: number;
  worlds: Set<string>;
  milliseconds: number;
  violations: number;
  limits: Map<Rule, number>;
}

/** Collects results. */
export function makeReport(): {
  /** Adds a result; true if it has a violation. */
  add(result: Result): boolean;
  /** The violations of a schedule with its settings, so that it can be repeated, and its trace. */
  describe(result: Result, whole: boolean): string;
  /** All results as a table in Markdown. */
  table(): string;
  json(): ReportJson;
  readonly schedules: number;
  readonly violations: number;
} {
  const rows = new Map<string, Row>();
  const json: ReportJson = { schedules: 0, requests: 0, worlds: 0, seconds: 0, violations: [], limits: {}, hashes: [] };
  const worlds = new Set<string>();
  let before = performance.now();
  return {
    get schedules() {
      return json.schedules;
    },
    get violations() {
      return json.violations.length;
    },
    add({ settings: { seed, mix, signed }, findings, hash, requests, states }) {
      const now = performance.now();
      const name = `${mix}, ${signed ? "signed" : "unsigned"}`;
      const row = rows.get(name) ?? emptyRow();
      rows.set(name, row);
      row.schedules += 1;
      row.requests += requests;
      row.milliseconds += now - before;
      json.seconds += (now - before) / 1000;
      before = now;
      json.schedules += 1;
      json.requests += requests;
      json.hashes.push(hash);
      for (const state of states) {
        row.worlds.add(state);
        worlds.add(state);
      }
      json.worlds = worlds.size;
      const violations = findings.filter(({ limit }) => !limit);
      row.violations += violations.length;
      json.violations.push(...violations.map(({ rule, words }) => ({ seed, mix, signed, rule, words })));
      for (const { rule } of findings.filter(({ limit }) => limit)) {
        row.limits.set(rule, (row.limits.get(rule) ?? 0) + 1);
        json.limits[rule] = (json.limits[rule] ?? 0) + 1;
      }
      return violations.length > 0;
    },
    describe({ settings, findings, trace, hash }, whole) {
      const violations = findings.filter(({ limit }) => !limit);
      return [
        `seed ${settings.seed}, ${settings.mix}, ${settings.signed ? "signed" : "unsigned"}: ${JSON.stringify(settings)}`,
        ...violations.map(({ rule, words }) => `  ${rule}: ${words}`),
        ...(whole || violations.length > 0 ? trace.map((line) => `    ${line}`) : []),
        `  trace ${hash}`,
      ].join("\n");
    },
    table() {
      const cells = [...rows].map(([name, row]) => [
        name,
        row.schedules,
        row.requests,
        row.worlds.size,
        (row.milliseconds / 1000).toFixed(0),
        row.violations,
        [...row.limits].map(([rule, count]) => `${rule} ${count}×`).join("; ") || "–",
      ]);
      const head = ["Mix", "Schedules", "Requests", "Worlds", "Seconds", "Violations", "Admitted limits"];
      const lines = [head, head.map(() => "---"), ...cells].map((line) => `| ${line.join(" | ")} |`);
      return `${lines.join("\n")}\n\n${json.schedules} schedules, ${json.worlds} worlds, ${json.seconds.toFixed(0)} s, ${json.violations.length} violations`;
    },
    json: () => json,
  };
}

function emptyRow(): Row {
  return { schedules: 0, requests: 0, worlds: new Set(), milliseconds: 0, violations: 0, limits: new Map() };
}
