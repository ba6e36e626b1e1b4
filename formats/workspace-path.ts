/**
 * A path below the workspace as it stands in the state: relative to the folder of Pulumi.yaml and without `./`, so that it is the same text on
 * every machine.
 * @param workspace folder of the user's repository, relative to the folder of Pulumi.yaml
 * @param path below the workspace, with `/`
 */
export function workspacePath(workspace: string, path: string): string {
  const parts = [...workspace.split("/"), ...path.split("/")].filter((part) => part !== "." && part !== "");
  return parts.join("/") || ".";
}
