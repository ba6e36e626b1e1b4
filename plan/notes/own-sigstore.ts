/** Name of the trusted root in commands: the reader gets the file elsewhere, and gives it this name. */
export const trustedRootName = "trusted_root.json";

/**
 * Says where a reader gets the trusted root of a project's own Sigstore. One that came with what it is to prove would prove nothing.
 * @param path relative to the workspace
 */
export function ownSigstore(path: string): string {
  const inRepository = /^[\w./-]+$/.test(path) && !path.split("/").includes("..");
  const where = inRepository ? `, in the repository \`${path}\`` : "";
  return `This project has a Sigstore of its own. The commands read its trusted root from \`${trustedRootName}\` in the folder where they run: get it from the project${where}, not from here.`;
}
