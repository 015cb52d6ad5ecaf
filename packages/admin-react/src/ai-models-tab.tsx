import type { SavedData } from "@babylon/admin-api/contract";
import { QueryClient, useQuery } from "@tanstack/react-query";
import { type ReactElement, useMemo, useState } from "react";
import { AIModelsPage } from "./ai-models-page.tsx";
import { createAdminClient, type TokenSource } from "./data/admin-client.ts";
import { toRequestFailure } from "./data/request-failure.ts";
import { LoadingState, MessageState } from "./parts/whole-states.tsx";

/** Props of {@link AIModelsTab}. */
export interface AIModelsTabProps {
  /** Where the admin routes are, such as `/api/admin/ai-models`. */
  readonly endpoint: string;
  /** Sent as a bearer token; a function is asked at each request. Default: none, the page's cookies do it. */
  readonly token?: TokenSource | undefined;
  /** Told of each saved change. */
  readonly onSaved?: ((saved: SavedData) => void) | undefined;
  /** Offered when the server does not let the visitor in. Default: no such button. */
  readonly onSignIn?: (() => void) | undefined;
  /** Default `auto`: a `data-theme` around the tab, else what the visitor's system prefers. */
  readonly theme?: "auto" | "light" | "dark" | undefined;
  /** How often the page looks again, milliseconds. Default 5,000. */
  readonly refreshMs?: number | undefined;
}

/**
 * The AI Models tab. Brings its own query client, so it needs no provider around it; wants `@babylon/admin-react/styles.css` on the
 * page.
 */
export function AIModelsTab({
  endpoint,
  token = null,
  onSaved,
  onSignIn,
  theme = "auto",
  refreshMs = 5_000,
}: AIModelsTabProps): ReactElement {
  const [queries] = useState(() => new QueryClient());
  const client = useMemo(() => createAdminClient(endpoint, token), [endpoint, token]);
  const page = useQuery(
    {
      queryKey: ["page", endpoint, token],
      queryFn: ({ signal }) => client.read(signal),
      refetchInterval: ({ state }) => (isUnauthorised(state.error) ? false : refreshMs),
      // Failures are shown at once and tried again with the next look.
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const failure = page.error === null ? null : toRequestFailure(page.error);
  const retry = () => void page.refetch();

  function content(): ReactElement {
    if (failure?.kind === "unauthorised") {
      return (
        <MessageState
          icon="lock"
          title="You are not signed in"
          text="The server did not accept this visitor, or the token is wrong or out of date."
          action={onSignIn === undefined ? { label: "Try again", run: retry } : { label: "Sign in", run: onSignIn }}
        />
      );
    }
    if (page.data !== undefined) {
      return (
        <AIModelsPage
          data={page.data}
          readAt={page.dataUpdatedAt}
          failure={failure}
          client={client}
          queries={queries}
          refreshing={page.isFetching}
          onRefresh={() => page.refetch()}
          onSaved={onSaved}
        />
      );
    }
    if (failure === null) return <LoadingState />;
    const offline = failure.kind === "offline";
    return (
      <MessageState
        icon={offline ? "offline" : "alert"}
        title={offline ? "The server cannot be reached" : "The models could not be loaded"}
        text={offline ? "This page keeps trying and comes back by itself." : `${failure.message}.`}
        note={failure.reply?.id === undefined ? null : `Id for the log: ${failure.reply.id}`}
        action={{ label: "Try again", run: retry }}
      />
    );
  }

  return (
    <section className="babylon-models" data-babylon-theme={theme} aria-label="AI models">
      {content()}
    </section>
  );
}

const isUnauthorised = (error: Error | null): boolean =>
  error !== null && toRequestFailure(error).kind === "unauthorised";
