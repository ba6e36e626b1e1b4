import type { Story } from "../schedule/script.ts";

/** A's draft names its digest; B, which found no tag either, writes its own; both die. Nothing is public. */
export const draftWithOldRecord: Story = {
  title: "our draft's record does not stand against our own tag",
  signed: false,
  reproducible: false,
  async play(script) {
    await script.begin("A");
    await script.begin("B");
    await script.until("B", /^tag\/app.* PUT/);
    await script.until("A", /PATCH/);
    await script.pass("B", /^tag\/app.* PUT/);
    await script.kill("A");
    await script.kill("B");
    await script.begin("C");
    await script.toEnd("C");
    script.expectSuccess("C");
  },
};
