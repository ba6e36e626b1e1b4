import { describe, expect, it } from "vitest";
import { digestPlace, filled, unfilled } from "../../../formats/release/places.ts";

const digests: Record<string, string> = { app: "sha256:aa", "app-worker": "sha256:bb", "app.v2_x": "sha256:cc" };
const digestOf = (name: string): string | undefined => digests[name];

describe("filled", () => {
  it.each(Object.entries(digests))("fills the place of %s", (name, digest) => {
    expect(filled(`image@${digestPlace(name)}.`, digestOf)).toBe(`image@${digest}.`);
  });

  it("fills every place, the same twice too", () => {
    const text = [digestPlace("app"), digestPlace("app-worker"), digestPlace("app")].join(" ");
    expect(filled(text, digestOf)).toBe("sha256:aa sha256:bb sha256:aa");
  });

  it("leaves a place as it is whose digest is not known", () => {
    expect(filled(digestPlace("other"), digestOf)).toBe("{{digest:other}}");
  });

  it.each(["{{ digest:app }}", "{{digest:APP}}", "{{digest:}}", "{{version}}", "{digest:app}", "text"])(
    "leaves %j alone",
    (text) => {
      expect(filled(text, () => "sha256:aa")).toBe(text);
    },
  );

  it("takes `$&` in a value as it is", () => {
    expect(filled(digestPlace("app"), () => "$&")).toBe("$&");
  });

  it("does not fill what was filled in", () => {
    expect(filled(digestPlace("app"), () => digestPlace("app-worker"))).toBe(digestPlace("app-worker"));
  });
});

describe("unfilled", () => {
  it("undoes what filled() has done", () => {
    const text = `${digestPlace("app")}, ${digestPlace("app-worker")}, ${digestPlace("app")}`;
    expect(unfilled(filled(text, digestOf), digests)).toBe(text);
  });

  it("leaves a digest as it is that belongs to no artifact", () => {
    expect(unfilled("sha256:dd", digests)).toBe("sha256:dd");
  });
});
