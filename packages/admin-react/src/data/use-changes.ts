import type { AdminData, SavedData } from "@babylon/admin-api/contract";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminClient } from "./admin-client.ts";
import { type RequestFailure, toRequestFailure } from "./request-failure.ts";
import { type Editing, useEditing } from "./use-editing.ts";

/** A change that was saved on this page. */
export interface SavedChange {
  readonly saved: SavedData;
  /** On the browser's clock, epoch milliseconds. */
  readonly atEpochMs: number;
}

/** Restoring an earlier version of the settings. */
export interface RollBack {
  /** The version that is being restored. */
  readonly running: number | null;
  readonly failure: RequestFailure | null;
  /** Calls back when it has ended, well or not. */
  run(version: number, onEnd?: () => void): void;
}

/** Changes of the settings on a page: unsaved, saved, restored, refused. */
export interface Changes {
  readonly editing: Editing;
  /** The latest change that was saved on this page. */
  readonly saved: SavedChange | null;
  readonly rollBack: RollBack;
  /** A write was refused with a 403. */
  readonly forbidden: RequestFailure | null;
  readonly readOnly: boolean;
  /** Takes the failure of a write of the page's own. */
  onRefused(refusal: RequestFailure | null): void;
  /** Hides what was saved, and the failure of a rollback. */
  dismiss(): void;
  /** Tries again after a 403. */
  unlock(): void;
}

/** What the page does after changes. */
export interface ChangesOptions {
  /** The error of the latest refresh. */
  readonly failure: RequestFailure | null;
  refresh(): void;
  onSaved(saved: SavedData): void;
}

/** The state of changes of one page. The draft is the same on all pages. */
export function useChanges(
  data: AdminData,
  client: AdminClient,
  queries: QueryClient,
  { failure, refresh, onSaved }: ChangesOptions,
): Changes {
  const [saved, setSaved] = useState<SavedChange | null>(null);
  const [forbidden, setForbidden] = useState<RequestFailure | null>(null);

  function onCommitted(change: SavedData): void {
    setSaved({ saved: change, atEpochMs: Date.now() });
    refresh();
    onSaved(change);
  }
  function onRefused(refusal: RequestFailure | null): void {
    if (refusal?.kind === "forbidden") setForbidden(refusal);
    // With a 401 this replaces the page by the way to sign in.
    if (refusal?.kind === "unauthorized") refresh();
  }
  const editing = useEditing(data, client, queries, { onSaved: onCommitted, onFailed: onRefused });
  const rollBack = useMutation(
    {
      networkMode: "always",
      mutationFn: (version: number) =>
        client.rollBack({ version, ...(data.version === null ? {} : { expectedVersion: data.version }) }),
      onSuccess: onCommitted,
      onError(thrown) {
        onRefused(toRequestFailure(thrown));
        refresh();
      },
    },
    queries,
  );

  return {
    editing,
    saved,
    rollBack: {
      running: rollBack.isPending ? (rollBack.variables ?? null) : null,
      failure: rollBack.error === null ? null : toRequestFailure(rollBack.error),
      run: (version, onEnd = () => {}) => rollBack.mutate(version, { onSettled: onEnd }),
    },
    forbidden,
    readOnly: forbidden !== null || failure?.kind === "forbidden" || !data.permissions.includes("write"),
    onRefused,
    dismiss() {
      setSaved(null);
      rollBack.reset();
    },
    unlock() {
      setForbidden(null);
      rollBack.reset();
      refresh();
    },
  };
}
