import * as pulumi from "@pulumi/pulumi";
import { explanationOf } from "../errors/catalogue.ts";
import { ReleaseError } from "../errors/release-error.ts";

/**
 * For resources of other packages (docker-build, github, command): says of their failures what the catalogue knows. It asks for no retry;
 * those packages retry by themselves what is worth it.
 * @param name of the hook, which no other hook of the program has
 * @param step what the resource does, as a gerund with its thing: "building and pushing ghcr.io/acme/app for linux/amd64"
 */
export function explainFailure(name: string, step: string): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`explain/${name}`, ({ errors }) => {
    const text = errors[0] ?? "no reason was given";
    const { request, words } = answer(text) ?? { request: undefined, words: ownWords(text) };
    const reason = request === undefined ? words : `${words} (${request})`;
    pulumi.log.error(new ReleaseError({ ...explanationOf(words, request), step, reason }).message);
    return false;
  });
}

/** GitHub's answer in the words of go-github, which @pulumi/github asks with: `PUT https://…: 409 Conflict []`. */
function answer(text: string): { request: string; words: string } | undefined {
  const [, request, words] =
    /\b((?:GET|POST|PUT|PATCH|DELETE) \S+): (\d{3} .*?)(?: \[\S*\])?(?:\n|$|: provider=)/.exec(text) ?? [];
  return request === undefined || words === undefined ? undefined : { request, words };
}

/** The last line with words in it: builders put the log of the build before it. */
function ownWords(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const telling = lines.filter((line) => /^(error|ERROR)\b|failed|denied|refused|not found/i.test(line));
  return (telling.at(-1) ?? lines.findLast((line) => line !== "") ?? text).slice(0, 500);
}
