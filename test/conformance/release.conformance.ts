import { join } from "node:path";
import { expect, it } from "vitest";
import { changes } from "../support/engine-events.ts";
import { startRealSigstore } from "./real-sigstore.ts";
import { releaseFacts } from "./release-facts.ts";

releaseFacts(
  ({ folder, sigstore }) => startRealSigstore(join(folder, "real"), sigstore.issuer),
  (released) => {
    it("is found complete by the next run, which signs nothing", async () => {
      const { sandbox, services, project } = released();
      const [mark, entries] = [sandbox.journal.mark(), await services.entries()];
      const again = await project.up();
      expect(again.exitCode, again.output).toBe(0);
      expect(changes(again.operations)).toEqual([]);
      expect([sandbox.journal.writes(mark), await services.entries()]).toEqual([[], entries]);
    });
    it("is taken by a machine without state, which signs nothing", async () => {
      const { services, project } = released();
      const entries = await services.entries();
      const other = await project.clone();
      const taken = await other.up();
      expect(taken.exitCode, taken.output).toBe(0);
      expect((await other.units())["tiled"]?.artifacts["tiled"]?.how).toBe("adopted");
      expect(await services.entries()).toBe(entries);
    });
  },
);
