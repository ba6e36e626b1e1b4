/**
 * Names of the files of a chart's folder that a Release of that chart attaches for people to read. They have no signatures of their own:
 * the signed checksums.txt vouches for them.
 */
export const documentNames = ["CHANGELOG.md", "README.md", "LICENSE"] as const;
