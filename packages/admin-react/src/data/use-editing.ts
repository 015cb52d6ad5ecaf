import type { AdminData, CurrentSettings, SavedData, SystemSettings } from "@babylon/admin-api/contract";
import { diffSettings } from "@babylon/settings-store/patch";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Draft, isChanged, reapply } from "../edit/draft.ts";
import type { AdminClient } from "./admin-client.ts";
import { type RequestFailure, toRequestFailure } from "./request-failure.ts";

/** The state of editing and saving. */
export interface Editing {
  /** As they would be saved: the draft's, or the saved ones. */
  readonly settings: SystemSettings;
  /** As they were when the editing began, or the saved ones. */
  readonly base: SystemSettings;
  /** `null` without changes. */
  readonly draft: Draft | null;
  readonly saving: boolean;
  readonly failure: RequestFailure | null;
  /** What somebody else saved meanwhile, after a refused save. */
  readonly conflict: CurrentSettings | null;
  edit(settings: SystemSettings): void;
  save(options: { force: boolean; reason: string }): void;
  discard(): void;
  /** Puts one's own changes on top of the others'; they are still to be saved. */
  reapply(): void;
  closeConflict(): void;
}

/** Keeps what is being edited apart from what the server says, and saves it against the version it began with. */
export function useEditing(
  data: AdminData,
  client: AdminClient,
  queries: QueryClient,
  onSaved: (saved: SavedData) => void,
): Editing {
  const [draft, setDraft] = useState<Draft | null>(null);
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
        onSaved(saved);
      },
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
    saving: saving.isPending,
    failure: conflict === null ? failure : null,
    conflict,
    edit(settings) {
      const next: Draft = { base: draft?.base ?? { settings: data.settings, version: data.version }, settings };
      setDraft(isChanged(next) ? next : null);
      reset();
    },
    save({ force, reason }) {
      if (draft !== null) saving.mutate({ draft, force, reason });
    },
    discard() {
      setDraft(null);
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
