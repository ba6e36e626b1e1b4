import type * as pulumi from "@pulumi/pulumi";

/** Options of every resource that a stop makes. */
export interface StopOptions {
  parent: pulumi.Resource;
  dependsOn: pulumi.Resource[];
}

/** What a stop made. Later stops wait for `resources`. */
export interface Stopped {
  resources: pulumi.Resource[];
}

/** Makes one stop: `make` declares its resources with the options that it gets. */
export type Stop = <Made extends Stopped>(make: (options: StopOptions) => Made) => Made;

/**
 * The stops of a train, made in the order in which they are called. Each waits for all resources of the last stop that made any; an empty stop
 * is passed through. If a resource fails, the engine skips everything that depends on it, and so every later stop.
 * @param parent the component that the resources belong to
 */
export function stops(parent: pulumi.Resource): Stop {
  let last: pulumi.Resource[] = [];
  return (make) => {
    const made = make({ parent, dependsOn: last });
    last = made.resources.length > 0 ? made.resources : last;
    return made;
  };
}
