import type { FaultedRequest } from "../../sandbox/door/faults.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { seededRandom } from "../formats/seeded-random.ts";

/**
 * Cuts answers that GitHub's double gives to reads: their headers are whole, and somewhere in the body the connection is closed.
 * @param cuts whether this answer is cut
 * @returns paths of the answers that were cut so far
 */
export function cutAnswers(sandbox: Sandbox, seed: number, cuts: (request: FaultedRequest) => boolean): string[] {
  const random = seededRandom(seed);
  const cut: string[] = [];
  sandbox.faults.add({
    door: "github",
    method: "GET",
    path: /./,
    when: "after",
    times: Infinity,
    act: {
      change(answer, request) {
        if (answer.status !== 200 || !cuts(request)) {
          return answer;
        }
        cut.push(request.path);
        return { ...answer, broken: { cut: random(1000) / 1000 } };
      },
    },
  });
  return cut;
}

/** Cuts the first answer to each path. */
export function cutEachOnce(sandbox: Sandbox, seed: number): string[] {
  const seen = new Set<string>();
  return cutAnswers(sandbox, seed, ({ path }) => !seen.has(path) && seen.add(path).size > 0);
}
