import { pulumiPlugin } from "./pulumi-plugin.mjs";

/** The plugin that keeps GitHub's settings as declared: rulesets, permissions, environments. */
export const github = pulumiPlugin("github", "github");
