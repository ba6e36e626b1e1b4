import { createHash } from "node:crypto";
import type { GitCommit, GitTag, Signature } from "./git-repository.ts";

/** The tree without files, which every repository knows. */
export const emptyTree = objectId("tree", "");

/** The id that git gives to an object: SHA-1 over its type, length and content. Source: gitformat-pack(5), "Object Storage Format". */
export function objectId(type: "commit" | "tag" | "tree", content: string): string {
  return createHash("sha1")
    .update(`${type} ${Buffer.byteLength(content)}\0${content}`)
    .digest("hex");
}

/** The id of a commit in UTC, as `git commit-tree -m` makes it: the message ends with a line break. */
export function commitId({ tree, parents, author, committer, message }: Omit<GitCommit, "sha">): string {
  const lines = [
    `tree ${tree}`,
    ...parents.map((sha) => `parent ${sha}`),
    `author ${signed(author)}`,
    `committer ${signed(committer)}`,
  ];
  return objectId("commit", `${lines.join("\n")}\n\n${message}\n`);
}

/** The content of a tag object, as `git mktag` reads it. */
export function tagContent({ tag, object, tagger, message }: Omit<GitTag, "sha">): string {
  return `object ${object.sha}\ntype ${object.type}\ntag ${tag}\ntagger ${signed(tagger)}\n\n${message}`;
}

function signed({ name, email, date }: Signature): string {
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}
