import { describe, expect, it } from "vitest";
import { ancestryOf } from "../../../plan/published/ancestry.ts";
import type { Descent } from "../../../plan/published/ancestry.ts";

const [first, second, third] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];

describe("ancestryOf", () => {
  it("asks about each pair once, and knows the answers", async () => {
    const asked: Descent[] = [];
    const pair = { commit: first, of: second };
    const other = { commit: third, of: second };
    const ancestry = await ancestryOf([pair, { ...pair }, other], async (descent) => {
      asked.push(descent);
      return descent.commit === first ? 17 : undefined;
    });
    expect(asked).toEqual([pair, other]);
    expect([ancestry.timeOf(pair), ancestry.timeOf(other)]).toEqual([17, undefined]);
  });

  it("does not mistake one direction for the other", async () => {
    const ancestry = await ancestryOf([{ commit: first, of: second }], async () => 17);
    expect(ancestry.timeOf({ commit: second, of: first })).toBeUndefined();
  });

  it.each(["main", "--all", `${first}^`, first.slice(1), "", `${first}\n`, first.toUpperCase().replace("1", "A")])(
    "sends no request about %j, which is not a full commit id",
    async (text) => {
      const ancestry = await ancestryOf(
        [
          { commit: text, of: first },
          { commit: first, of: text },
        ],
        () => {
          throw new Error("was asked");
        },
      );
      expect(ancestry.timeOf({ commit: text, of: first })).toBeUndefined();
    },
  );
});
