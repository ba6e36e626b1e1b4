import { builtWithGo, pulumiPlugin } from "./pulumi-plugin.mjs";

/** The plugin that builds images. */
export const dockerBuild = pulumiPlugin("dockerBuild", "docker-build", builtWithGo("dockerBuild"));
