/**
 * Whether a pattern of refs matches a ref; `*` stands for any characters, including none and `/`. No pattern matches a ref with `@`: in a
 * certificate, `@` separates workflow and ref. The parts between the `*` are searched one after another, so a maliciously long text
 * does not slow it down.
 * @param pattern `refs/tags/v*`; without `@`, as the configuration has it
 * @param ref whole: `refs/tags/v1.2.3`
 */
export function matchesRef(pattern: string, ref: string): boolean {
  if (ref.includes("@")) {
    return false;
  }
  const [head = "", ...others] = pattern.split("*");
  const tail = others.pop();
  if (tail === undefined) {
    return ref === pattern;
  }
  if (!ref.startsWith(head) || !ref.endsWith(tail) || ref.length < head.length + tail.length) {
    return false;
  }
  let rest = ref.slice(head.length, ref.length - tail.length);
  for (const part of others) {
    const place = rest.indexOf(part);
    if (place < 0) {
      return false;
    }
    rest = rest.slice(place + part.length);
  }
  return true;
}

/**
 * Whether a pattern may match refs of pull requests, `refs/pull/NUMBER/merge` and `…/head`: the person who opens one chooses what its run
 * signs. It checks only the text before the first `*` and after the last one, so it may be wrong about the middle of a pattern.
 * Source: docs.github.com, "Events that trigger workflows", pull_request (GITHUB_REF).
 */
export function mayMatchPullRequest(pattern: string): boolean {
  const parts = pattern.split("*");
  const [head = ""] = parts;
  if (parts.length === 1) {
    return pullRequest.test(pattern);
  }
  const tail = parts.at(-1) ?? "";
  const begins = pullRequests.startsWith(head) || head.startsWith(pullRequests);
  return begins && ["/merge", "/head"].some((end) => end.endsWith(tail) || tail.endsWith(end));
}

const pullRequests = "refs/pull/";
const pullRequest = /^refs\/pull\/\d+\/(merge|head)$/;
