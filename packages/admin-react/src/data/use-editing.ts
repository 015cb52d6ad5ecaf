import type { AdminData, CurrentSettings, SavedData, SystemSettings } from "@babylon/admin-api/contract";
import { diffSettings } from "@babylon/settings-store/patch";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import { type Draft, isChanged, parseDraft, reapply } from "../edit/draft.ts";
import type { AdminClient } from "./admin-client.ts";
import { type RequestFailure, toRequestFailure } from "./request-failure.ts";
import { storedKey, useStoredState } from "./use-stored-state.ts";

/** The state of editing and saving. */
export interface Editing {
  /** As they would be saved: the draft's, or the saved ones. */
  readonly settings: SystemSettings;
  /** The settings that the draft started from, or the saved ones. */
  readonly base: SystemSettings;
  /** `null` without changes. */
  readonly draft: Draft | null;
  /** The reason for the change, for the history. */
  readonly reason: string;
  readonly saving: boolean;
  readonly failure: RequestFailure | null;
  /** The settings that another user has saved since, after a conflict. */
  readonly conflict: CurrentSettings | null;
  edit(settings: SystemSettings): void;
  setReason(reason: string): void;
  save(options: { readonly force: boolean }): void;
  discard(): void;
  /** Applies the changes to the settings that another user has saved; they still have to be saved. */
  reapply(): void;
  closeConflict(): void;
}

/** What happens with an attempt to save. */
export interface EditingEvents {
  onSaved(saved: SavedData): void;
  onFailed(failure: RequestFailure): void;
}

const parseReason = (stored: unknown): string | null => (typeof stored === "string" ? stored : null);

/**
 * Keeps the draft apart from the saved settings, and saves it against the version it started from. The draft survives a reload and a
 * new sign-in.
 */
export function useEditing(
  data: AdminData,
  client: AdminClient,
  queries: QueryClient,
  { onSaved, onFailed }: EditingEvents,
): Editing {
  const [draft, setDraft] = useStoredState(storedKey(client.endpoint, "draft"), parseDraft);
  const [reason, setReason] = useStoredState(storedKey(client.endpoint, "reason"), parseReason);
  const saving = useMutation(
    {
      networkMode: "always",
      mutationFn: ({ draft, force, reason }: { draft: Draft; force: boolean; reason: string }) =>
        client.save({
          patch: diffSettings(draft.base.settings, draft.settings),
          ...(draft.base.version === null ? {} : { expectedVersion: draft.base.version }),
          ...(force ? { force } : {}),
          ...(reason === "" ? {} : { reason }),
        }),
      onSuccess(saved) {
        setDraft(null);
        setReason(null);
        onSaved(saved);
      },
      onError: (thrown) => onFailed(toRequestFailure(thrown)),
    },
    queries,
  );
  const failure = saving.error === null ? null : toRequestFailure(saving.error);
  const conflict = failure?.reply?.code === "conflict" ? (failure.reply.current ?? null) : null;
  const reset = () => saving.reset();

  return {
    settings: draft?.settings ?? data.settings,
    base: draft?.base.settings ?? data.settings,
    draft,
    reason: reason ?? "",
    saving: saving.isPending,
    failure: conflict === null ? failure : null,
    conflict,
    edit(settings) {
      const next: Draft = { base: draft?.base ?? { settings: data.settings, version: data.version }, settings };
      setDraft(isChanged(next) ? next : null);
      reset();
    },
    setReason,
    save({ force }) {
      if (draft !== null) saving.mutate({ draft, force, reason: (reason ?? "").trim() });
    },
    discard() {
      setDraft(null);
      setReason(null);
      reset();
    },
    reapply() {
      if (draft === null || conflict === null) return;
      const next = reapply(draft, conflict);
      setDraft(isChanged(next) ? next : null);
      reset();
    },
    closeConflict: reset,
  };
}
