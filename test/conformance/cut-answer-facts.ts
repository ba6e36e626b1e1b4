import { beforeAll, describe, expect, it } from "vitest";
import { ReleaseError } from "../../errors/release-error.ts";
import { seededRandom } from "../formats/seeded-random.ts";
import { verifiableUnit } from "../observe/published/inspection/verifiable-unit.ts";
import type { VerifiableUnit } from "../observe/published/inspection/verifiable-unit.ts";
import { engineHost } from "../providers/host/engine-host.ts";
import { mark, releasableUnit } from "../providers/release/releasable-unit.ts";
import type { ReleasableUnit } from "../providers/release/releasable-unit.ts";
import { cutAnswers } from "../support/cut-answers.ts";
import { retentionWorld } from "../commands/retention/retention-world.ts";
import type { RetentionProject } from "../commands/retention/retention-world.ts";

/**
 * What a release, a retention and a verify run do while an answer of GitHub is cut. Each seed says which answer, where, and whether it comes
 * whole when it is asked for again.
 * @param count how many seeds each of the three is run with
 */
export function cutAnswerFacts(count: number): void {
  const seeds = Array.from({ length: count }, (_, seed) => seed);
  const { signing, project, run, publish } = retentionWorld();

  /** Does work while one of GitHub's answers is cut, once or each time. */
  async function whileCut<T>(seed: number, work: () => Promise<T>): Promise<{ result?: T; error?: unknown }> {
    const random = seededRandom(seed);
    const [chosen, forEver] = [random(12), random(2) === 0];
    let answers = 0;
    let path: string | undefined;
    cutAnswers(signing.sandbox, seed, (request) => {
      if (answers++ === chosen) {
        path = request.path;
      } else if (!forEver) {
        return false;
      }
      return request.path === path;
    });
    try {
      return { result: await work() };
    } catch (error) {
      return { error };
    } finally {
      signing.sandbox.faults.clear();
    }
  }

  function expectNoAnswer(error: unknown): void {
    if (error === undefined) {
      return;
    }
    expect(error).toBeInstanceOf(ReleaseError);
    expect((error as ReleaseError).code).toBe("UNREACHABLE");
  }

  describe("while an answer of GitHub is cut, a release", () => {
    const host = engineHost("github-release");
    let unit: ReleasableUnit;
    beforeAll(async () => {
      unit = await releasableUnit(signing.world);
      await unit.draft(mark("2.0.0"), { tag_name: "v2.0.0", draft: false, make_latest: "true" });
    });

    it("is whole or an error, and leaves a newer version Latest", { timeout: 600_000 }, async () => {
      for (const seed of seeds) {
        const inputs = await unit.version(`1.0.${seed}`);
        const { error } = await whileCut(seed, () => host.create(inputs));
        expectNoAnswer(error);
        expect([seed, await unit.latest()]).toEqual([seed, "v2.0.0"]);
        if (error !== undefined) {
          await host.create(inputs);
        }
        const [first, ...others] = (await unit.releases()).filter(({ tag_name }) => tag_name === inputs.tag);
        expect([seed, first?.draft, first?.assets.length, others]).toEqual([seed, false, 4, []]);
      }
    });
  });

  describe("while an answer of GitHub is cut, retention", () => {
    let world: RetentionProject;
    let named: string;
    beforeAll(async () => {
      world = await project();
      await world.package.tag(await world.package.image("tagged"), "1.0.0");
      named = await world.package.image("its tag was lost");
      await publish(world, named);
    });

    it("never deletes what a Release names", { timeout: 600_000 }, async () => {
      for (const seed of seeds) {
        const { error } = await whileCut(seed, () => run(world.file, "--keep", "0", "--confirm"));
        expectNoAnswer(error);
        expect([seed, await world.package.there([named])]).toEqual([seed, [true]]);
      }
    });
  });

  describe("while an answer of GitHub is cut, verify", () => {
    let unit: VerifiableUnit;
    beforeAll(async () => {
      signing.runAs();
      unit = await verifiableUnit(signing, true);
    });

    it("never says that a promise is broken which is kept, or kept which is broken", { timeout: 600_000 }, async () => {
      for (const seed of seeds) {
        const { result, error } = await whileCut(seed, () => unit.verify(["app@1.2.0"]));
        expectNoAnswer(error);
        expect([seed, result?.exitCode ?? 0]).toEqual([seed, 0]);
      }
      await unit.put("app.txt", "other bytes\n");
      for (const seed of seeds.slice(0, 4)) {
        const { result, error } = await whileCut(seed, () => unit.verify(["app@1.2.0"]));
        expectNoAnswer(error);
        expect([seed, result?.exitCode ?? 1]).toEqual([seed, 1]);
      }
    });
  });
}
