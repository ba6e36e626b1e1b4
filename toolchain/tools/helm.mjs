import { releasedTool } from "../sources/released-tool.mjs";

/**
 * The command that lints and renders charts; the tests read published charts with it. Whoever runs it passes on no `HELM_*`
 * and no `KUBECONFIG` of the user, and sets HELM_CONFIG_HOME, HELM_CACHE_HOME and HELM_DATA_HOME to folders of the run.
 * Otherwise it reads and writes the user's own repositories, plugins and logins, and HELM_NAMESPACE changes what it renders.
 *
 * Source: https://helm.sh/docs/helm/helm
 */
export const helm = releasedTool("helm", "helm");
