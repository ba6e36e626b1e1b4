import { builtWithGo, pulumiPlugin } from "./pulumi-plugin.mjs";

/** The plugin for an organization's settings on GitHub: rulesets, permissions, environments. */
export const github = pulumiPlugin("github", "github", builtWithGo("github"));
