import * as pulumi from "@pulumi/pulumi";
import { readUnitOutputs } from "../../../formats/release/unit-outputs.ts";
import { observeUnit } from "../../../observe/published/unit.ts";
import { ancestryOf } from "../../../plan/published/ancestry.ts";
import { planRelease, questionOf } from "../../../plan/release/release.ts";
import { unitDescents } from "../../../plan/published/unit-commit.ts";
import { dynamicProvider } from "../../../providers/all-providers.ts";
import { ReleaseTrain } from "../../../resources/release/release-train.ts";
import { runAs, startProcess } from "../machine/processes.ts";
import type { Process } from "../machine/processes.ts";
import { runEngine } from "./engine.ts";
import { simulatedGraph } from "./simulated-graph.ts";
import { planLane } from "./lane.ts";
import type { Lane } from "./lane.ts";

/** How a run ended. */
export type Outcome = { ended: "succeeded" } | { ended: "failed"; errors: unknown[] } | { ended: "killed" };

/** One run of a release: the program's own steps, one after the other, on a process of its own. */
export class ReleaseRun {
  readonly process: Process;
  readonly lane: Lane;
  readonly #engine = { active: 0, failures: [] as unknown[] };
  #outcome: Outcome | undefined;

  constructor(name: string, lane: Lane) {
    this.process = startProcess(name, lane.commit);
    this.lane = lane;
  }

  /** Begins the run; it goes on as its requests are answered. */
  start(): void {
    runAs({ process: this.process, step: "program" }, () => this.#release()).then(
      () => this.#end({ ended: "succeeded" }),
      (error: unknown) => this.#end({ ended: "failed", errors: [error] }),
    );
  }

  /** Ends the process where it is. */
  kill(): void {
    this.process.dead = true;
    this.#end({ ended: "killed" });
  }

  /**
   * How it ended; undefined while it runs. Only valid while nothing moves: a run in which a provider has failed is over when no other
   * provider is at work.
   */
  get outcome(): Outcome | undefined {
    const { active, failures } = this.#engine;
    if (this.#outcome === undefined && failures.length > 0 && active === 0) {
      this.#outcome = { ended: "failed", errors: failures };
    }
    return this.#outcome;
  }

  #end(outcome: Outcome): void {
    this.#outcome ??= outcome;
  }

  async #release(): Promise<void> {
    const { lane } = this;
    const { project, unit, assets, sourceHashes } = planLane(lane);
    const question = questionOf(project, unit, sourceHashes);
    const published = await observeUnit(question);
    const version = { project, unit, published, assets, sourceHashes, signing: question.signing };
    const ancestry = await ancestryOf(unitDescents(version), async ({ commit, of }) =>
      commit === of || (commit === lane.parent && of === lane.commit) ? project.commitTime : undefined,
    );
    const plan = planRelease({ ...version, ancestry, web: "https://github.com", before: lane.state.outputs });
    const outputs = await runEngine(this.#engine, lane, dynamicProvider, async () => {
      const { released } = new ReleaseTrain(plan, simulatedGraph);
      return new Promise((resolve) => void pulumi.output(released).apply(resolve));
    });
    lane.state.outputs = readUnitOutputs({ [plan.unit]: outputs })[plan.unit];
  }
}
