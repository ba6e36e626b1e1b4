/** A line of a command's output. */
export interface TranscriptLine {
  /** When it was printed, in seconds since the command began. */
  at: number;
  text: string;
}

/** What a resource showed from one moment on. */
export interface ResourceLine extends TranscriptLine {
  /** Type without its module: "GitTag". */
  type: string;
  /** Logical name: "git-tag/widgets@1.0.0". */
  name: string;
  done: boolean;
  /** For people: "creating (0s)". */
  status: string;
  /** The last message; empty if there is none. */
  message: string;
}

/**
 * Writes a transcript: a line of text for each line of output, with its time in front.
 * @param folder where the command ran; stands as `.` in the transcript, which is then the same on every machine
 */
export function writeTranscript(lines: readonly TranscriptLine[], folder: string): string {
  return lines.map(({ at, text }) => `${at.toFixed(2)}\t${text.replaceAll(folder, ".")}\n`).join("");
}

/** Reads a transcript that writeTranscript() wrote. */
export function readTranscript(transcript: string): TranscriptLine[] {
  return transcript
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [at = "", ...text] = line.split("\t");
      return { at: Number(at), text: text.join("\t") };
    });
}

/**
 * The lines of Pulumi about resources, except the stack and its components, which only hold others together.
 * @param lines as Pulumi prints them where no person watches: one for each change
 */
export function resourceLines(lines: readonly TranscriptLine[]): ResourceLine[] {
  return lines.flatMap(({ at, text }) => {
    const [, type, name, status, message] = /^ \+ {2}(\S+) (\S+) (creat\w+ \([\d.]+m?s\)) ?(.*)$/.exec(text) ?? [];
    const shortType = type?.split(":").at(-1);
    if (
      shortType === undefined ||
      name === undefined ||
      status === undefined ||
      /^(pulumi|lockstep):/.test(type ?? "")
    ) {
      return [];
    }
    const done = status.startsWith("created");
    return [{ at, text, type: shortType, name, done, status, message: message?.trim() ?? "" }];
  });
}
