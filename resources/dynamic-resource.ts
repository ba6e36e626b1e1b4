import * as pulumi from "@pulumi/pulumi";

/**
 * The `__provider` in the state of every Lockstep resource. It is one fixed line, the same for every resource and version, so
 * that no change of Lockstep's code changes a user's state, and a refresh or a destroy always runs today's code. The provider host
 * resolves it from the folder of Pulumi.yaml. It is a state format: frozen, with a golden test.
 */
export const loader = 'exports.handler = () => require("./providers/all-providers.ts").dynamicProvider;';

/** A provider's inputs as a graph gives them: every value, also one deep inside, may still be on its way. */
export type GraphInputs<T> = T extends string | number | boolean | undefined
  ? pulumi.Input<T>
  : pulumi.Input<{ [Key in keyof T]: GraphInputs<T[Key]> }>;

/**
 * A resource whose provider is in providers/. It is retained on delete: whatever leaves the program or the stack stays published.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /**
   * @param type `pulumi-nodejs:dynamic/lockstep:TYPE` is the engine's name for it, part of the state's format
   * @param kind key of the provider in providers/all-providers.ts
   * @param name logical name; it carries the version
   * @param inputs the provider's inputs
   * @param outputs names of the provider's outputs
   */
  protected constructor(
    type: string,
    kind: string,
    name: string,
    inputs: object,
    outputs: readonly string[],
    options: pulumi.CustomResourceOptions,
  ) {
    const token = `pulumi-nodejs:dynamic/lockstep:${type}`;
    const own = { kind, resourceUrn: detached(pulumi.createUrn(name, token, options.parent)), __provider: loader };
    const unset = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super(token, name, { ...unset, ...inputs, ...own }, { retainOnDelete: true, ...options });
  }
}

/**
 * The same value without what it depends on. A URN depends on the parent, and a resource that depends on its parent waits for all of the
 * parent's children, itself included.
 */
function detached(value: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.output(new Promise<string>((resolve) => void value.apply(resolve)));
}
