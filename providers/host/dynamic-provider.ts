import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { retried } from "../../clients/retry.ts";
import { runStep } from "../../errors/explain-error.ts";
import { reportToEngine } from "./progress.ts";
import type { Provider } from "./provider.ts";

/** Properties as the engine passes them: our inputs, and the properties of every Lockstep resource. */
export interface Properties {
  /** The provider's key in all-providers. */
  kind: string;
  /** The resource's own URN, for progress. */
  resourceUrn?: string;
  [name: string]: unknown;
}

/** The methods that Pulumi's dynamic host calls. Source: @pulumi/pulumi dynamic/index.d.ts, ResourceProvider. */
export interface DynamicProvider {
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ replaces?: string[]; changes?: false }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, properties: Properties): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, properties: Properties): Promise<void>;
}

/** Any provider of the table, with any inputs and outputs: each checks its own with zod. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- one table holds providers of different inputs
export type AnyProvider = Provider<any, any>;

/**
 * Serves providers to the engine.
 *
 * - `diff` names replacements only and leaves the comparison to the engine, which then shows the properties that differ. If only
 *   immaterial inputs differ, or immaterial parts of them, it says that nothing does;
 * - `create` and `update` are the same reconcile, which may run again after a temporary failure because it checks before it writes;
 * - `delete` does nothing, unless the thing is a setting: published things stay published.
 *
 * @param byKind the table of providers
 */
export function serveProviders(byKind: Readonly<Record<string, AnyProvider>>): DynamicProvider {
  const findProvider = (properties: Properties): AnyProvider => {
    const provider = byKind[properties.kind];
    if (provider === undefined) {
      throw new Error(`no provider of kind ${properties.kind}: was the state written by a newer Lockstep?`);
    }
    return provider;
  };
  const reconcile = async (properties: Properties): Promise<{ id: string; outs: Properties }> => {
    const provider = findProvider(properties);
    const { inputs, own } = splitProperties(provider, properties);
    const progress = reportToEngine(properties.resourceUrn);
    const outs = await runStep(provider.phrase(inputs), () =>
      retried(
        () => provider.reconcile(inputs, progress),
        (refusal, attempt) => progress.done(`try ${attempt} of 5 failed, trying again: ${refusal.words}`),
      ),
    );
    return { id: provider.id(inputs), outs: { ...own, ...inputs, ...outs } };
  };

  return {
    async check(_olds, news) {
      const provider = findProvider(news);
      const parsed = provider.inputs.safeParse(splitProperties(provider, news).candidate);
      const failures = parsed.success
        ? []
        : parsed.error.issues.map((issue) => ({ property: z.core.toDotPath(issue.path), reason: issue.message }));
      return { inputs: news, failures };
    },
    async diff(_id, olds, news) {
      const { inputs, identity, immaterial = [], material = {} } = findProvider(news);
      const differs = (name: string): boolean => !isDeepStrictEqual(olds[name], news[name]);
      const differsMaterially = (name: string): boolean => {
        const select = material[name];
        const isGiven = olds[name] !== undefined && news[name] !== undefined;
        return select && isGiven ? !isDeepStrictEqual(select(olds[name]), select(news[name])) : differs(name);
      };
      const replaces = identity.filter(differs);
      if (replaces.length > 0) {
        return { replaces };
      }
      const names = listInputNames(inputs);
      const others = names.filter((name) => !immaterial.includes(name));
      return names.some(differs) && !others.some(differsMaterially) ? { changes: false } : {};
    },
    create: reconcile,
    async update(_id, _olds, news) {
      return { outs: (await reconcile(news)).outs };
    },
    async read(id, properties) {
      const provider = findProvider(properties);
      const { inputs, own, outputs } = splitProperties(provider, properties);
      const found = await runStep(`checking: ${provider.phrase(inputs)}`, () => provider.read(inputs, outputs));
      if (found === undefined) {
        return {};
      }
      return { id, props: { ...own, ...found.inputs, ...found.outputs }, inputs: { ...own, ...found.inputs } };
    },
    async delete(_id, properties) {
      const provider = findProvider(properties);
      const { inputs } = splitProperties(provider, properties);
      const { remove } = provider;
      if (remove) {
        await runStep(`removing: ${provider.phrase(inputs)}`, () => retried(() => remove(inputs)));
      }
    },
  };
}

/** Splits properties into the provider's inputs, those of every resource, and the outputs in the state. */
function splitProperties(
  provider: AnyProvider,
  { kind, resourceUrn, ...rest }: Properties,
): {
  candidate: Record<string, unknown>;
  inputs: object;
  outputs: object;
  own: { kind: string; resourceUrn?: string };
} {
  const names = listInputNames(provider.inputs);
  const candidate = Object.fromEntries(Object.entries(rest).filter(([name]) => names.includes(name)));
  const outputs = Object.fromEntries(Object.entries(rest).filter(([name]) => !["__provider", ...names].includes(name)));
  return { candidate, inputs: candidate, outputs, own: resourceUrn === undefined ? { kind } : { kind, resourceUrn } };
}

function listInputNames(inputs: AnyProvider["inputs"]): string[] {
  const { shape } = inputs as unknown as { shape: Record<string, unknown> };
  return Object.keys(shape);
}
