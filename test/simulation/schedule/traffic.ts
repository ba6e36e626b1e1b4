import type { SentRequest } from "../machine/network.ts";
import { isUpload } from "../world/world.ts";
import type { Settings } from "./settings.ts";
import { BrokenUpload } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";

/** What becomes of a request. */
type Fate = "answered" | "unsent" | "refused" | "lost" | "cut" | "killed before" | "killed after";

/**
 * Lets requests take effect at moments drawn from the seed, and answers, loses or breaks them as drawn.
 * @param random gives whole numbers from 0 to below its argument
 */
export class Traffic {
  /** Requests that have not come to their end. */
  underWay = 0;
  readonly #simulation: Simulation;
  readonly #random: (below: number) => number;
  #settings: Pick<Settings, "faults" | "latency" | "stalls" | "lateRequests">;

  constructor(simulation: Simulation, settings: Settings, random: (below: number) => number) {
    this.#simulation = simulation;
    this.#settings = settings;
    this.#random = random;
  }

  /** From now on nothing fails. */
  calm(): void {
    const faults = { unsent: 0, refused: 0, lost: 0, cut: 0, killed: 0 };
    this.#settings = { ...this.#settings, faults };
  }

  /** Takes a request that a run has sent. */
  receive(request: SentRequest): void {
    const fate = this.#draw(request);
    this.underWay += 1;
    this.#later(() => this.#arrive(request, fate));
  }

  #later(act: () => void): void {
    const { latency, stalls } = this.#settings;
    const factor = this.#random(1000) < stalls ? 30 : 1;
    this.#simulation.clock.after(1 + this.#random(latency) * factor, act);
  }

  #draw(request: SentRequest): Fate {
    const { unsent, refused, lost, cut, killed } = this.#settings.faults;
    const roll = this.#random(1000);
    const fates: [Fate, number][] = [
      ["unsent", unsent],
      ["refused", refused],
      ["lost", lost],
      ["killed before", Math.ceil(killed / 2)],
      ["killed after", Math.floor(killed / 2)],
      ["cut", isUpload(request) ? cut : 0],
    ];
    let below = 0;
    for (const [fate, share] of fates) {
      below += share;
      if (roll < below) {
        return fate;
      }
    }
    return "answered";
  }

  #arrive(request: SentRequest, fate: Fate): void {
    const run = this.#simulation.runOf(request);
    if (fate === "killed before") {
      run?.kill();
    }
    if (fate === "unsent" || fate === "killed before" || (request.process.dead && !this.#settings.lateRequests)) {
      this.underWay -= 1;
      request.breakOff();
      return;
    }
    if (fate === "refused") {
      this.#later(() => {
        this.underWay -= 1;
        request.answer({ status: 503, body: JSON.stringify({ message: "Service Unavailable" }) });
      });
      return;
    }
    void this.#simulation.takeEffect(
      request,
      (reply, effect) => {
        if (fate === "killed after") {
          run?.kill();
        }
        this.#later(() => {
          this.underWay -= 1;
          if (fate === "lost") {
            request.breakOff();
          } else {
            this.#simulation.answer(request, reply, effect);
          }
        });
      },
      isUpload(request) ? () => this.#bytesOf(request, fate) : undefined,
    );
  }

  /** The bytes of an upload, some time after its name; of a process that is dead by then, nothing more comes. */
  #bytesOf(request: SentRequest, fate: Fate): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#later(() => {
        if (fate === "cut" || request.process.dead) {
          this.underWay -= 1;
          reject(new BrokenUpload("the upload broke off"));
        } else {
          resolve(request.body);
        }
      });
    });
  }
}
