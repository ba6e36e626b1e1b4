import { findAnswer, findRunFolder, keepAnswer } from "./run-folder.ts";

/**
 * How long the processes of one run share an answer, in milliseconds. The refresh asks first, and the program that runs right after it has the
 * same questions.
 */
const longestSharing = 120_000;
/** The most answers in this process's memory; the folder of the run has the others. */
const mostInMemory = 2_000;

/** An answer, and when it was asked for: milliseconds since 1970. */
interface Answer {
  asked: number;
  value: unknown;
}

const asking = new Map<string, Promise<Answer>>();
const answers = new Map<string, Answer>();

/**
 * Asks once for all who have the same question: those in this process who ask while the answer is on its way, and within one run of
 * `npm run release` or `npm run preview` also those who ask within the next two minutes, in this process or another. So an answer may be two
 * minutes old: it is for what is shown, compared and planned, never for a decision to write, and never for the check after a write.
 * @param question what distinguishes it from every other: server, what is asked, of what. No secret
 * @param ask gets the answer. One that it throws is shared only with those who wait for it
 */
export async function shareAnswer<T>(question: readonly (string | number)[], ask: () => Promise<T>): Promise<T> {
  const key = JSON.stringify(question);
  const folder = findRunFolder();
  const known = folder === undefined ? undefined : answers.get(key);
  if (known !== undefined && isFresh(known)) {
    return known.value as T;
  }
  const answer =
    asking.get(key) ??
    findOrAsk(folder, key, ask).finally(() => {
      asking.delete(key);
    });
  asking.set(key, answer);
  return (await answer).value as T;
}

async function findKept(folder: string, key: string): Promise<Answer | undefined> {
  return (await findAnswer(folder, key))?.value as Answer | undefined;
}

async function findOrAsk(folder: string | undefined, key: string, ask: () => Promise<unknown>): Promise<Answer> {
  const asked = Date.now();
  if (folder === undefined) {
    return { asked, value: await ask() };
  }
  const kept = await findKept(folder, key);
  if (kept !== undefined && isFresh(kept)) {
    remember(key, kept);
    return kept;
  }
  const answer = { asked, value: await ask() };
  await keep(folder, key, answer);
  return answer;
}

async function keep(folder: string, key: string, answer: Answer): Promise<void> {
  remember(key, answer);
  await keepAnswer(folder, key, answer);
}

function remember(key: string, answer: Answer): void {
  if (answers.size >= mostInMemory) {
    answers.clear();
  }
  answers.set(key, answer);
}

function isFresh({ asked }: Answer): boolean {
  return Date.now() - asked < longestSharing;
}
