import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { onlyCreatesAndRetains } from "../support/engine-events.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";
import { published } from "../support/published.ts";
import type { PublishedState } from "../support/published.ts";

/** The same story on a registry like GHCR, which refuses deletes, and on one that would carry them out. */
describe.each([{ allowDelete: false }, { allowDelete: true }])(
  "on a registry that allows deletes: $allowDelete",
  ({ allowDelete }) => {
    let world: Awaited<ReturnType<typeof temporarySandbox>>;
    let project: Project;
    let before: PublishedState;

    beforeAll(async () => {
      world = await temporarySandbox({ builder: true, allowDelete });
      project = await makeProject(world.sandbox, "widgets");
      await project.commit("v1.0.0");
      const first = await project.up();
      expect(first.exitCode, first.output).toBe(0);
      before = await published(world.sandbox, project, "1.0.0");
    });
    afterAll(() => world.forget());

    describe("when the next version is released", () => {
      let next: Run;
      beforeAll(async () => {
        await project.write({ "greeting.txt": "Hello, dear reader.\n" });
        await project.commit("v1.1.0");
        next = await project.up();
      });

      it("succeeds", () => expect(next.exitCode, next.output).toBe(0));
      it("only creates, and lets go of the old version's resources", () => {
        expect(next.operations.filter(({ op }) => op === "create").map(({ name }) => name)).toContain(
          "release/widgets@1.1.0",
        );
        expect(next.operations.filter(({ op }) => op === "delete").map(({ name }) => name)).toContain(
          "release/widgets@1.0.0",
        );
        expect(onlyCreatesAndRetains(next.operations)).toBe(true);
      });
      it("leaves every byte of the old version as it was", async () => {
        expect(await published(world.sandbox, project, "1.0.0")).toEqual(before);
      });
      it("makes the new one Latest", async () => {
        const latest = await fetch(`${world.sandbox.addresses.api}/repos/acme/widgets/releases/latest`);
        expect(((await latest.json()) as { tag_name: string }).tag_name).toBe("v1.1.0");
      });
    });

    describe("when the stack is destroyed", () => {
      it("leaves every byte of both versions, and asks for no delete", async () => {
        const both = [before, await published(world.sandbox, project, "1.1.0")];
        const mark = world.sandbox.journal.mark();
        const destroyed = await project.pulumi("destroy", "--yes");
        expect(destroyed.exitCode, destroyed.output).toBe(0);
        expect(world.sandbox.journal.writes(mark)).toEqual([]);
        expect([
          await published(world.sandbox, project, "1.0.0"),
          await published(world.sandbox, project, "1.1.0"),
        ]).toEqual(both);
      });
    });
  },
);
