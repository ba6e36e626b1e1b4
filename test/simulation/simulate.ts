import { parseArgs } from "node:util";
import { installClock } from "./machine/clock.ts";
import type { Clock } from "./machine/clock.ts";
import { prepareProcess } from "./machine/prepared-process.ts";
import { playMutants } from "./mutants/play-mutants.ts";
import { makeReport } from "./report.ts";
import { playKills } from "./schedule/play-kills.ts";
import { runSchedule } from "./schedule/schedule.ts";
import { playStory } from "./schedule/script.ts";
import { drawSettings, mixes } from "./schedule/settings.ts";
import { stories } from "./scripts/stories.ts";

/** Milliseconds between two lines of progress. */
const progressEvery = 30_000;

const usage = `npm run simulate -- FROM-TO [OPTIONS]   play these seeds, and report every violation with its settings and its trace
npm run simulate -- stories             play the stories of violations that were found before
npm run simulate -- kills               kill a release of a chart at each of its requests, and run again
npm run simulate -- mutants [NAME]      play the product without one of its guards, until a rule catches it

  --mix NAME     only this mix: ${mixes.join(", ")}; may be repeated
  --signed       only signed units
  --unsigned     only units that are not signed
  --every N      kills: only one out of N; default 1
  --minutes N    begin no schedule after so many minutes
  --first        stop at the first violation
  --trace        print every trace
  --json         print the report as JSON, and no progress`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mix: { type: "string", multiple: true },
    signed: { type: "boolean" },
    unsigned: { type: "boolean" },
    every: { type: "string", default: "1" },
    minutes: { type: "string", default: "Infinity" },
    first: { type: "boolean" },
    trace: { type: "boolean", default: false },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
const [what = "", name] = positionals;
const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(what) ?? [];
const every = Number(values.every);
const chosen = mixes.filter((mix) => values.mix === undefined || values.mix.includes(mix));

if (what === "mutants") {
  const { table, caught } = await playMutants(name);
  console.log(table);
  process.exitCode = caught ? 0 : 1;
} else if (
  values.help ||
  (what !== "stories" && what !== "kills" && from === undefined) ||
  chosen.length === 0 ||
  !(every >= 1)
) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 1;
} else {
  const leave = await prepareProcess();
  const clock = installClock();
  if (what === "kills") {
    const { signed, unsigned } = values;
    const which = { every, ...(signed || unsigned ? { signed: signed === true } : {}) };
    const kills = await playKills(clock, which, (words) => values.json || console.error(words));
    console.log(JSON.stringify(kills, undefined, 2));
    process.exitCode = kills.wrong.length === 0 ? 0 : 1;
  } else if (from === undefined) {
    const endings = [];
    for (const story of stories) {
      endings.push(await playStory(clock, story));
    }
    console.log(JSON.stringify(endings, undefined, 2));
    process.exitCode = endings.every(({ findings }) => findings.length === 0) ? 0 : 1;
  } else {
    await playSeeds(clock, Number(from), Number(to ?? from));
  }
  await leave();
}

async function playSeeds(clock: Clock, first: number, last: number): Promise<void> {
  const report = makeReport();
  const end = performance.now() + Number(values.minutes) * 60_000;
  process.exitCode = 1;
  const kinds = chosen.flatMap((mix) => [false, true].map((signed) => ({ mix, signed })));
  const asked = kinds.filter(({ signed }) => !(signed ? values.unsigned : values.signed));
  const all = (last - first + 1) * asked.length;
  let nextLine = performance.now() + progressEvery;
  for (let seed = first; seed <= last && performance.now() < end; seed += 1) {
    if (!values.json && performance.now() >= nextLine) {
      console.error(`${report.schedules} of ${all} schedules, ${report.violations} violations; next is seed ${seed}`);
      nextLine = performance.now() + progressEvery;
    }
    for (const { mix, signed } of asked) {
      const result = await runSchedule(clock, drawSettings(seed, mix, signed));
      const violated = report.add(result);
      if (!values.json && (violated || values.trace)) {
        console.log(report.describe(result, values.trace));
      }
      if (violated && values.first) {
        console.log(values.json ? JSON.stringify(report.json()) : `found after ${report.schedules} schedules`);
        return;
      }
    }
  }
  console.log(values.json ? JSON.stringify(report.json()) : report.table());
  process.exitCode = report.violations > 0 ? 1 : 0;
}
