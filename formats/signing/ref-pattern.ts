/**
 * Whether a pattern of refs takes a ref; `*` stands for any characters, also for none and for `/`. A ref with `@` is taken by none: in a
 * certificate `@` stands between workflow and ref. The parts between the `*` are looked for one after another, so a text that was made to
 * take long takes no longer.
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
 * Whether a pattern takes refs of pull requests, `refs/pull/NUMBER/merge` and `…/head`: whoever opens one chooses what its run signs. It
 * looks at what stands before the first `*` and behind the last one, and may say so of a pattern between that takes none.
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
