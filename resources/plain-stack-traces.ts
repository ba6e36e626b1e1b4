/**
 * Leaves stack traces as Node writes them. Pulumi's SDK keeps one for every promise, and the library that it installs looks for source maps in
 * each: a sixth of the program's time. Node runs the sources themselves, so there are none to find.
 * Source: @pulumi/pulumi 3.270.0, cmd/run/index.js (source-map-support) and runtime/debuggable.js.
 */
export function withPlainStackTraces(): void {
  Reflect.deleteProperty(Error, "prepareStackTrace");
}
