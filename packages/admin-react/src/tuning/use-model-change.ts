import type { PromoteBody, RollBackBody, SavedData } from "@babylon/admin-api/contract";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { type RequestFailure, toRequestFailure } from "../data/request-failure.ts";

/** A change that waits for its confirmation. */
export type AskedChange =
  | { readonly kind: "promote"; readonly job: string; readonly model: string }
  | { readonly kind: "roll-back"; readonly name: string };

/** Promotions and rollbacks on this page: asked for, running, done. */
export interface ModelChange {
  readonly asked: AskedChange | null;
  readonly running: boolean;
  readonly failure: RequestFailure | null;
  /** What was changed last, in words. */
  readonly done: string | null;
  ask(change: AskedChange | null): void;
  promote(body: PromoteBody, name: string): void;
  rollBack(body: RollBackBody): void;
  dismiss(): void;
}

/** @param onEnd - called with what was saved; `null`: it was refused */
export function useModelChange(
  client: AdminClient,
  queries: QueryClient,
  onEnd: (saved: SavedData | null) => void,
): ModelChange {
  const [asked, setAsked] = useState<AskedChange | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const change = useMutation(
    {
      networkMode: "always",
      mutationFn: ({ run }: { readonly run: () => Promise<SavedData>; readonly words: string }) => run(),
      onSuccess(saved, { words }) {
        setDone(`${words}, as version ${saved.version ?? "unknown"}.`);
        setAsked(null);
        onEnd(saved);
      },
      onError: () => onEnd(null),
    },
    queries,
  );
  return {
    asked,
    running: change.isPending,
    failure: change.error === null ? null : toRequestFailure(change.error),
    done,
    ask(next) {
      change.reset();
      setAsked(next);
    },
    promote: (body, name) => change.mutate({ run: () => client.promoteModel(body), words: `${name} was promoted` }),
    rollBack: (body) => change.mutate({ run: () => client.rollBackModel(body), words: `${body.name} was rolled back` }),
    dismiss: () => setDone(null),
  };
}
