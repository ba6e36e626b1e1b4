import type { KnownRefusal } from "./known-refusal.ts";

/** What every service can answer, or fail to answer. */
export const anyService: readonly KnownRefusal[] = [
  {
    words: /secondary rate limit|too ?many ?requests|API rate limit exceeded|abuse detection|^429 /i,
    about: "rate",
    code: "RATE_LIMITED",
    meaning: "Too many requests in a short time. This is not a missing permission.",
    fix: "Wait a few minutes, then run it again. If it happens often, let fewer jobs run at the same time.",
  },
  {
    words: /content-length|exceeds the maximum|too large|^413 /i,
    code: "UNEXPECTED",
    meaning: "The file is larger than the service accepts (a Release asset must be under 2 GiB).",
    fix: "Make the file smaller, or split it.",
  },
  {
    words:
      /(answer|asset) is longer than \d+ bytes|more than a million values|address outside of|list names a page again|list has .*\bpages/,
    code: "UNEXPECTED",
    meaning: "No real answer of the service is like that, so nothing in it was used.",
    fix: "Make sure that GITHUB_API_URL, or the registry's name, is that of the real service, and that no proxy changes its answers.",
  },
  {
    bare: /^5\d\d |: 5\d\d (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
    code: "SERVER_FAULT",
    meaning: "The service failed five times in a row.",
    fix: "Check the service's status page, then run it again.",
  },
  {
    // An answer with a status came, whatever its words are.
    bare: /^0 |^(?![1-9]\d\d ).*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|UND_ERR|socket hang up|other side closed|connection refused|no such host|terminated|timeout|no answer)/is,
    code: "UNREACHABLE",
    meaning:
      "No answer came, so it is not known whether the last request took effect. The next run checks before it does anything.",
    fix: "Check the network and the service's status page, then run it again.",
  },
  {
    bare: /^404 /,
    code: "NOT_FOUND",
    meaning: "It does not exist, or the token may not see it: GitHub and registries answer both in the same way.",
    fix: "Check the name, and that the token may read it. For a Release on a commit that changes workflows, GitHub requires the `workflow` scope.",
  },
];
