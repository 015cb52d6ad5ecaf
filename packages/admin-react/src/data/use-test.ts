import type { TestBody } from "@babylon/admin-api/contract";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import type { Outcome } from "../parts/test-outcome.tsx";
import type { AdminClient } from "./admin-client.ts";
import { type RequestFailure, toRequestFailure } from "./request-failure.ts";

/** A test call and its outcome. */
export interface Test {
  readonly running: boolean;
  readonly outcome: Outcome | null;
  run(body: TestBody): void;
  dismiss(): void;
}

/** Runs test calls, one at a time. `onEnd` is called after each with its failure, if any: a successful test changes the chain. */
export function useTest(
  client: AdminClient,
  queries: QueryClient,
  onEnd: (failure: RequestFailure | null) => void,
): Test {
  const test = useMutation(
    {
      mutationFn: (body: TestBody) => client.test(body),
      networkMode: "always",
      onSettled: (_, thrown) => onEnd(thrown === null ? null : toRequestFailure(thrown)),
    },
    queries,
  );
  const { data, error, isPending, mutate, reset } = test;
  return {
    running: isPending,
    outcome: data !== undefined ? { data } : error !== null ? { failure: toRequestFailure(error) } : null,
    run: (body) => mutate(body),
    dismiss: reset,
  };
}
