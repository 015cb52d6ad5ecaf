import type { TestBody } from "@babylon/admin-api/contract";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import type { Outcome } from "../parts/test-outcome.tsx";
import type { AdminClient } from "./admin-client.ts";
import { toRequestFailure } from "./request-failure.ts";

/** A test call and how it went. */
export interface Test {
  readonly running: boolean;
  readonly outcome: Outcome | null;
  run(body: TestBody): void;
  dismiss(): void;
}

/** Runs test calls, one at a time. `onEnd` is told after each, since a test that goes well changes the chain. */
export function useTest(client: AdminClient, queries: QueryClient, onEnd: () => void): Test {
  const test = useMutation(
    { mutationFn: (body: TestBody) => client.test(body), networkMode: "always", onSettled: onEnd },
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
