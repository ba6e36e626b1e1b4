import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { stops } from "../../../resources/release/stops.ts";
import type { Stop } from "../../../resources/release/stops.ts";

class Thing extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Thing", name);
  }
}

describe("stops", () => {
  let stop: Stop;
  let train: Thing;

  beforeAll(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name }) => ({ id: name, state: {} }),
      call: ({ inputs }) => inputs,
    });
  });

  const made = (...names: string[]): pulumi.Resource[][] =>
    names.map((name) => {
      let waitedFor: pulumi.Resource[] = [];
      stop(({ parent, dependsOn }) => {
        expect(parent).toBe(train);
        waitedFor = dependsOn;
        return { resources: name === "" ? [] : [new Thing(name)] };
      });
      return waitedFor;
    });

  it("wait for the last stop that made something, and pass through empty ones", async () => {
    train = new Thing("train");
    stop = stops(train);
    const names = await Promise.all(
      made("", "first", "", "", "second", "third").map((resources) => Promise.all(resources.map(nameOf))),
    );
    expect(names).toEqual([[], [], ["first"], ["first"], ["first"], ["second"]]);
  });

  it("wait for everything that a stop made, and hand out what it returns", () => {
    train = new Thing("other");
    stop = stops(train);
    const [a, b] = [new Thing("a"), new Thing("b")];
    expect(stop(() => ({ resources: [a, b], what: "both" })).what).toBe("both");
    expect(stop(({ dependsOn }) => ({ resources: dependsOn })).resources).toEqual([a, b]);
  });
});

/** The name of a resource, from its URN. */
function nameOf({ urn }: pulumi.Resource): Promise<string> {
  return new Promise((resolve) => urn.apply((text) => resolve(text.split("::").at(-1) ?? "")));
}
