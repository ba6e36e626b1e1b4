import type { Story } from "../schedule/script.ts";

/** The lower version has listed the Releases; the higher one is published; then the lower one. */
export const latestGoesBack: Story = {
  title: "of two lanes that publish at once, the higher version is Latest in the end",
  signed: false,
  reproducible: true,
  async play(script) {
    await script.begin("A", "1.0.1");
    await script.until("A", /PATCH/);
    await script.begin("B", "2.0.0");
    await script.toEnd("B");
    await script.toEnd("A");
    script.expectLatest("v2.0.0");
  },
};
