/** What every kind of artifact has in its configuration. */
export interface Addressed {
  /** Default: the last part of `repository`. */
  name?: string | undefined;
  /** With its registry, without a tag. */
  repository: string;
}

/** The same of an artifact that may be wrong: undefined if it cannot be read. */
export type OutlinedAddress = { [Key in keyof Addressed]?: Addressed[Key] | undefined };

/** The name of an artifact: the configured one, else the last part of its repository. */
export function artifactName(artifact: Addressed): string;
/** The name of an artifact that may be wrong; undefined if neither name nor repository can be read. */
export function artifactName(artifact: OutlinedAddress): string | undefined;
/** The name of an artifact, right or wrong. */
export function artifactName({ name, repository }: OutlinedAddress): string | undefined {
  return name ?? repository?.slice(repository.lastIndexOf("/") + 1);
}
