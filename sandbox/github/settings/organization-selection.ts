import { ApiError, notFound } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { Call, Reply, Route } from "../api/call.ts";
import { repositoriesOf } from "./organization-routes.ts";
import { repositoryPayload } from "../accounts/repository-payload.ts";
import { readOrganization, writeOrganization } from "../api/settings-needs.ts";
import type { OrganizationSettings } from "../store/settings-store.ts";

/** A setting of an organization that may apply to some of its repositories only. */
export interface Selection {
  ids(settings: OrganizationSettings): readonly number[];
  set(settings: OrganizationSettings, ids: number[]): void;
  /** Whether the setting now applies to selected repositories: otherwise their list is refused (409). */
  isSelected(settings: OrganizationSettings): boolean;
}

/** The four operations on the list of selected repositories at a path: get, set, add one, remove one. */
export function selectedRepositories(path: string, selection: Selection): readonly Route[] {
  const change =
    (next: (ids: readonly number[], call: Call) => readonly number[]) =>
    async (call: Call): Promise<Reply> => {
      const settings = call.settings.organization(call.params["org"] ?? "");
      refuseUnselected(selection, settings);
      const ids = [...new Set(next(selection.ids(settings), call))];
      const known = new Set(repositoriesOf(call).map(({ id }) => id));
      if (ids.some((id) => !known.has(id))) {
        throw notFound();
      }
      selection.set(settings, ids);
      await call.settings.save();
      return { status: 204 };
    };
  const idOf = (call: Call) => Number(call.params["repository_id"]);
  const one = `${path}/{repository_id}`;
  const write = { access: "anyone", needs: writeOrganization } as const;
  return [
    {
      method: "GET",
      path,
      access: "anyone",
      needs: readOrganization,
      async run(call) {
        const settings = call.settings.organization(call.params["org"] ?? "");
        refuseUnselected(selection, settings);
        const ids = selection.ids(settings);
        const all = repositoriesOf(call).filter(({ id }) => ids.includes(id));
        const { items, headers } = page(all, call);
        const repositories = items.map((record) => repositoryPayload(record, call.links, call.account?.push));
        return { status: 200, json: { total_count: all.length, repositories }, headers };
      },
    },
    {
      ...write,
      method: "PUT",
      path,
      run: change((_, { body }) => (body as { selected_repository_ids?: number[] }).selected_repository_ids ?? []),
    },
    { ...write, method: "PUT", path: one, run: change((ids, call) => [...ids, idOf(call)]) },
    { ...write, method: "DELETE", path: one, run: change((ids, call) => ids.filter((id) => id !== idOf(call))) },
  ];
}

function refuseUnselected(selection: Selection, settings: OrganizationSettings): void {
  if (!selection.isSelected(settings)) {
    throw new ApiError(409, "Conflict");
  }
}
