import { describe, expect, it } from "vitest";
import type { ReleaseError } from "../../../errors/release-error.ts";
import { refuseOtherKinds } from "../../../plan/preflight/other-kinds.ts";

const chart = { kind: "chart", name: "app", ociRepository: "ghcr.io/acme/app" } as const;
const image = { kind: "image", name: "app", ociRepository: "ghcr.io/acme/charts/app" } as const;
const imageTag = { tag: "1.2.0", kind: "image" } as const;
const chartTag = { tag: "1.3.0", kind: "chart" } as const;

function refusal(...question: Parameters<typeof refuseOtherKinds>): string {
  try {
    refuseOtherKinds(...question);
  } catch (error) {
    return (error as ReleaseError).message;
  }
  return "accepted";
}

describe("refuseOtherKinds", () => {
  it.each([
    ["nothing is known", []],
    ["the repository is empty", [{ repository: chart.ociRepository, holds: [] }]],
    ["it holds charts", [{ repository: chart.ociRepository, holds: [chartTag] }]],
    ["another repository holds images", [{ repository: "ghcr.io/acme/other", holds: [imageTag] }]],
  ])("accepts a chart where %s", (_, packages) => {
    expect(refusal([chart], packages)).toBe("accepted");
  });

  it("names repository, tag, meaning and fix where a chart would go among images", () => {
    const message = refusal([chart], [{ repository: chart.ociRepository, holds: [chartTag, imageTag] }]);
    expect(message).toContain("[CONFIGURATION]");
    expect(message).toContain(
      "app is a chart and would go to ghcr.io/acme/app, which holds another kind: ghcr.io/acme/app:1.2.0 is an image",
    );
    expect(message).toContain("one would overwrite the other. Nothing was built");
    expect(message).toContain("for example `repository: ghcr.io/acme/charts/app`. If ghcr.io/acme/app:1.2.0 was");
  });

  it("does the same for an image among charts, and names every such repository", () => {
    const message = refusal(
      [chart, image],
      [
        { repository: chart.ociRepository, holds: [imageTag] },
        { repository: image.ociRepository, holds: [chartTag] },
      ],
    );
    expect(message).toContain("app is a chart and would go to ghcr.io/acme/app,");
    expect(message).toContain("app is an image and would go to ghcr.io/acme/charts/app,");
    expect(message).toContain("Give the image app a repository of its own. If ghcr.io/acme/charts/app:1.3.0 was");
  });
});
