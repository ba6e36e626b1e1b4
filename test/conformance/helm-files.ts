import { execa } from "execa";
import { thisMachine } from "../../toolchain/machine/machine.mjs";
import { toolPaths } from "../../toolchain/machine/tool-paths.mjs";

/** A chart's folder, and what to write into its .helmignore. */
export interface Question {
  folder: string;
  ignore: string;
}

/** What helm's own loader makes of it. */
export interface Answer {
  /** Paths of the files that are not left out, also if Chart.yaml is, and helm refuses the chart. */
  files: readonly string[];
  /** Why helm refuses the chart. */
  error?: string;
}

/** Asks helm's own loader, in one process. It leaves the last .helmignore of each folder there. */
export async function askHelm(questions: readonly Question[]): Promise<Answer[]> {
  const { stdout } = await execa(toolPaths(thisMachine()).helmFiles, {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(""),
    maxBuffer: 2 ** 30,
  });
  const answers = stdout.split("\n").map((line) => JSON.parse(line) as Answer);
  if (answers.length !== questions.length) {
    throw new Error(`helm-files gave ${answers.length} answers to ${questions.length} questions`);
  }
  return answers;
}
