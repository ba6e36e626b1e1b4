import { resourceLines } from "./transcript.ts";
import type { ResourceLine, TranscriptLine } from "./transcript.ts";

/** Something that is on the screen from one moment on, until another or for good. Moments in seconds. */
interface Shown {
  /** In characters. */
  column: number;
  row: number;
  text: string;
  /** Class of its colour. */
  colour: "plain" | "soft" | "done" | "busy" | "strong";
  from: number;
  until?: number;
}

const columns = 118;
const character = 7.25;
const lineHeight = 18;
const margin = { side: 18, top: 50, bottom: 20 };
/** A pause of the run that is longer is shortened to this, in seconds. */
const longestPause = 0.8;

/**
 * Draws a transcript of `npm start` as an animated picture of a terminal: a line for each resource, which changes as Pulumi changes it on a
 * screen, and the first lines of the summary. Without animation, or for people who want none, it shows the end.
 * @param lines the whole transcript, the command first
 * @returns SVG. It has no script, loads nothing, and follows `prefers-color-scheme` and `prefers-reduced-motion`
 */
export function drawRecording(lines: readonly TranscriptLine[]): string {
  const { shown, rows } = placed(withShortPauses(lines));
  const width = Math.round(columns * character + 2 * margin.side);
  const height = margin.top + rows * lineHeight + margin.bottom;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>npm start releases the example project</title>
<desc>Two images, their index, signatures, attestations and tags are made one after another; the GitHub Release is published last.</desc>
<style>
svg { --back: #ffffff; --edge: #d1d9e0; --plain: #1f2328; --soft: #59636e; --done: #1a7f37; --busy: #9a6700; --strong: #0969da }
@media (prefers-color-scheme: dark) {
svg { --back: #0d1117; --edge: #3d444d; --plain: #f0f6fc; --soft: #9198a1; --done: #3fb950; --busy: #d29922; --strong: #4493f8 }
}
rect { fill: var(--back); stroke: var(--edge) }
circle { fill: var(--edge) }
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; white-space: pre }
.plain { fill: var(--plain) } .soft { fill: var(--soft) } .done { fill: var(--done) } .busy { fill: var(--busy) }
.strong { fill: var(--strong); font-weight: bold }
.comes { animation-name: hidden }
.passes { visibility: hidden; animation-name: shown }
@keyframes hidden { from, to { visibility: hidden } }
@keyframes shown { from, to { visibility: visible } }
@media (prefers-reduced-motion: reduce) { text { animation: none !important } }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle cx="22" cy="20" r="6"/><circle cx="42" cy="20" r="6"/><circle cx="62" cy="20" r="6"/>
${shown.map(textElement).join("\n")}
</svg>
`;
}

/** The lines at their times in the run, with its longest pauses shortened. Lines that only say that Pulumi is at work are left out. */
function withShortPauses(lines: readonly TranscriptLine[]): TranscriptLine[] {
  const telling = lines.filter(({ text }) => !/^@ updating|^ \+ {2}pulumi:pulumi:Stack /.test(text));
  let now = 0;
  return telling.map(({ text, at }, index) => {
    now += Math.min(at - (telling[index - 1]?.at ?? 0), longestPause);
    return { at: now, text };
  });
}

function placed(lines: readonly TranscriptLine[]): { shown: Shown[]; rows: number } {
  const shown: Shown[] = [];
  let row = 0;
  const printed = (line: TranscriptLine, colour: Shown["colour"]): void => {
    shown.push({ column: 0, row: row++, text: line.text, colour, from: line.at });
  };
  const beginning = lines.findIndex(({ text }) => /^Updating /.test(text));
  for (const line of lines.slice(0, beginning).filter(({ text }) => text !== "")) {
    printed(line, row === 0 ? "strong" : "plain");
  }
  row++;
  const resources = Map.groupBy(resourceLines(lines), ({ name }) => name);
  for (const changes of resources.values()) {
    shown.push(...resourceRow(changes, row++));
  }
  row++;
  for (const line of summaryLines(lines)) {
    printed(line, / is released$/.test(line.text) ? "done" : "plain");
  }
  row++;
  for (const line of lines.filter(({ text }) => /^\d+ reads and \d+ writes/.test(text))) {
    printed(line, "soft");
  }
  return { shown, rows: row };
}

function resourceRow(changes: readonly ResourceLine[], row: number): Shown[] {
  const [first] = changes;
  const last = changes.find(({ done }) => done);
  if (first === undefined || last === undefined) {
    throw new Error("A resource is not finished: the recording is not of a release that succeeded.");
  }
  const from = first.at;
  const made = changes.filter(({ at, done, message }) => at <= last.at && (done || message !== ""));
  return [
    { column: 2, row, text: "+", colour: "done", from },
    { column: 5, row, text: first.type, colour: "plain", from },
    { column: 24, row, text: first.name, colour: "plain", from },
    { column: 61, row, text: "creating", colour: "busy", from, until: last.at },
    { column: 61, row, text: last.status, colour: "done", from: last.at },
    ...made.flatMap(({ at, done, message }, index): Shown[] => {
      const until = made[index + 1]?.at;
      // A builder's last log line says nothing of a finished image.
      if (message === "" || (done && message.startsWith("#")) || until === at) {
        return [];
      }
      return [{ column: 78, row, text: message, colour: "soft", from: at, ...(until === undefined ? {} : { until }) }];
    }),
  ];
}

/** From the title of the summary on, without the commands that follow it. */
function summaryLines(lines: readonly TranscriptLine[]): TranscriptLine[] {
  const begin = lines.findIndex(({ text }) => / is released$/.test(text));
  const rest = lines.slice(begin);
  return rest.slice(
    0,
    rest.findIndex(({ text }) => text.endsWith(":")),
  );
}

function textElement({ column, row, text, colour, from, until }: Shown): string {
  const x = (margin.side + column * character).toFixed(1);
  const y = margin.top + row * lineHeight;
  const moment =
    until === undefined
      ? `comes" style="animation-duration: ${from.toFixed(2)}s`
      : `passes" style="animation-delay: ${from.toFixed(2)}s; animation-duration: ${(until - from).toFixed(2)}s`;
  return `<text x="${x}" y="${y}" class="${colour} ${moment}">${escaped(fitting(text, columns - column))}</text>`;
}

/** Digests are shortened, and what would leave the window is cut off. */
function fitting(text: string, length: number): string {
  const short = text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, "$1…");
  return short.length > length ? `${short.slice(0, length - 1)}…` : short;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
