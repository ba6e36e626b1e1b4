import { readNotedCommands } from "../../../formats/release/noted-commands.ts";
import type { NotedOption } from "../../../formats/release/noted-commands.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import {
  writeIdentityPattern,
  sameRepository,
  SigningIdentity,
  sourceRepository,
} from "../../../formats/signing/signing-policy.ts";

/** Whether a part of the notes has a command that checks who signed. Without one, readers would verify nothing. */
export function verifiesSigner(text: string): boolean {
  return readNotedCommands(text).some((options) => {
    const names = options.map(([name]) => name);
    return names.includes("--certificate-identity-regexp") && names.includes("--certificate-oidc-issuer");
  });
}

/**
 * Lists options of commands, and paths of workflows, in a part of the notes that do not belong to the recorded signer.
 * @param repository `owner/name` of the Release
 * @returns each in a form that is safe to show; other people can write notes
 */
export function findStrayOptions(text: string, { policy: { signing } }: ReleaseRecord, repository: string): string[] {
  const workflows = text.match(/(?<![\w.-])[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml/g) ?? [];
  const options = readNotedCommands(text).flat();
  if (signing === "off") {
    return [...options.map(writeOption), ...workflows];
  }
  const identity = SigningIdentity.parse(signing);
  const fits = listFittingValues(identity, repository);
  return [
    ...options.filter(([name, value]) => !(Object.hasOwn(fits, name) && fits[name]?.(value))).map(writeOption),
    ...workflows.filter((workflow) => workflow !== identity.workflow),
  ];
}

/**
 * Every option that the notes of any version have, with the values that match a signer. Any other option would check something else: a
 * key, another owner, or nothing at all.
 */
function listFittingValues(
  identity: SigningIdentity,
  repository: string,
): Readonly<Record<string, (value: string | true) => boolean>> {
  const pattern = writeIdentityPattern(identity);
  const isRepository = (value: string | true): boolean =>
    [repository, sourceRepository(identity)].some((name) => sameRepository(name, String(value)));
  return {
    "--certificate-identity-regexp": (value) => value === pattern,
    "--cert-identity-regex": (value) => value === pattern,
    "--certificate-oidc-issuer": (value) => value === identity.issuer,
    "--cert-oidc-issuer": (value) => value === identity.issuer,
    "--certificate-github-workflow-repository": isRepository,
    "--repo": isRepository,
    "--signer-workflow": (value) => value === identity.workflow,
    "--type": () => true,
    "--bundle": () => true,
    "--bundle-from-oci": (value) => value === true,
    "--trusted-root": (value) => value === "trusted_root.json",
    "--custom-trusted-root": (value) => value === "/dev/stdin",
  };
}

function writeOption([name, value]: NotedOption): string {
  return [name, value]
    .filter((text) => text !== true)
    .map((text) => (/^[!-~]{1,200}$/.test(text) ? text : "…"))
    .join(" ");
}
