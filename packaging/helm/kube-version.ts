import { readVersion } from "../../formats/chart/helm/helm-version.ts";
import { readVersionRange } from "../../formats/chart/helm/version-range.ts";

/** The minor version of Kubernetes 1 that helm 4.3.1 renders for. Source: its go.mod, k8s.io/client-go. */
const helmsOwn = 37;

/** Newer ones than helm knows, for a chart that needs one. */
const newest = helmsOwn + 20;

/**
 * Chooses the version of Kubernetes that a chart is rendered for. helm takes one of its own and refuses a chart that excludes it.
 * @param range `kubeVersion` of Chart.yaml; "" for none
 * @returns the nearest older version that the range has, or else the nearest newer one; undefined if helm's own will do, or none does
 */
export function chooseKubeVersion(range: string): string | undefined {
  const allowed = readVersionRange(range);
  const isIn = (minor: number): boolean => {
    const version = readVersion(`1.${minor}.0`);
    return version !== undefined && allowed !== undefined && allowed.contains(version);
  };
  if (range === "" || isIn(helmsOwn)) {
    return undefined;
  }
  const older = Array.from({ length: helmsOwn }, (_, index) => helmsOwn - 1 - index);
  const newer = Array.from({ length: newest - helmsOwn }, (_, index) => helmsOwn + 1 + index);
  const minor = [...older, ...newer].find(isIn);
  return minor === undefined ? undefined : `1.${minor}.0`;
}
