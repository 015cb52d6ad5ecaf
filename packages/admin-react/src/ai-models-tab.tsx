import type { AdminData, SavedData } from "@babylon/admin-api/contract";
import { QueryClient, useQuery } from "@tanstack/react-query";
import { lazy, type ReactElement, Suspense, useMemo, useRef, useState } from "react";
import { AIModelsPage } from "./ai-models-page.tsx";
import { createAdminClient, type TokenSource } from "./data/admin-client.ts";
import { type RequestFailure, toRequestFailure } from "./data/request-failure.ts";
import { readSession } from "./data/session-store.ts";
import { storedKey } from "./data/use-stored-state.ts";
import { parseDraft } from "./edit/draft.ts";
import { BudgetBanner } from "./parts/budget-banner.tsx";
import { TabNav } from "./parts/tab-nav.tsx";
import { useFocusKeeper } from "./parts/use-focus-keeper.ts";
import { LoadingState, MessageState, type MessageStateProps } from "./parts/whole-states.tsx";
import type { PageName, TabView } from "./usage/tab-view.ts";
import { useTabView } from "./usage/use-tab-view.ts";

// Loaded when they are opened, with the library that draws their charts.
const UsagePage = lazy(() => import("./usage-page.tsx").then((module) => ({ default: module.UsagePage })));
const LogPage = lazy(() => import("./log-page.tsx").then((module) => ({ default: module.LogPage })));
const BudgetsPage = lazy(() => import("./budgets-page.tsx").then((module) => ({ default: module.BudgetsPage })));
const ExperimentsPage = lazy(() =>
  import("./experiments/experiments-page.tsx").then((module) => ({ default: module.ExperimentsPage })),
);
const TuningPage = lazy(() => import("./tuning/tuning-page.tsx").then((module) => ({ default: module.TuningPage })));
const CallPage = lazy(() => import("./call-page.tsx").then((module) => ({ default: module.CallPage })));

/** Props of {@link AIModelsTab}. */
export interface AIModelsTabProps {
  /** Where the admin routes are, such as `/api/admin/ai-models`. */
  readonly endpoint: string;
  /** Sent as a bearer token; a function is called for each request. Default: none, for pages that use cookies. */
  readonly token?: TokenSource | undefined;
  /** Called after each saved change. */
  readonly onSaved?: ((saved: SavedData) => void) | undefined;
  /** Called by the button "Sign in" after a 401. Default: no such button. */
  readonly onSignIn?: (() => void) | undefined;
  /** Default `auto`: the nearest `data-theme` around the tab, else the visitor's system. */
  readonly theme?: "auto" | "light" | "dark" | undefined;
  /** The interval of refreshes, milliseconds. Default 5,000. */
  readonly refreshMs?: number | undefined;
}

/**
 * The AI Models tab. Has its own query client, so it needs no provider around it; needs `@babylon/admin-react/styles.css` on the page.
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
      refetchInterval: ({ state }) => (isUnauthorized(state.error) ? false : refreshMs),
      // Failures are shown at once; the next refresh is the retry.
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const failure = page.error === null ? null : toRequestFailure(page.error);
  const retry = () => void page.refetch();
  const [view, setView] = useTabView();
  const [moved, setMoved] = useState(false);
  function onView(next: TabView, push?: boolean): void {
    if (push === true) setMoved(true);
    setView(next, push);
  }
  const root = useRef<HTMLElement>(null);
  useFocusKeeper(root);

  function content(): ReactElement {
    if (failure?.kind === "unauthorized") {
      const hasDraft = parseDraft(readSession(storedKey(client.endpoint, "draft"))) !== null;
      return (
        <MessageState
          icon="lock"
          title="You are not signed in"
          text="The session has ended, or the token is wrong or has expired."
          note={hasDraft ? "Your unsaved changes are kept in this browser tab." : null}
          action={onSignIn === undefined ? { label: "Try again", run: retry } : { label: "Sign in", run: onSignIn }}
        />
      );
    }
    if (page.data !== undefined) return pages(page.data);
    if (failure === null) return <LoadingState />;
    return (
      <MessageState
        {...describeFirstFailure(failure)}
        note={failure.reply?.id === undefined ? null : `Id for the log: ${failure.reply.id}`}
        action={{ label: "Try again", run: retry }}
      />
    );
  }

  function pages(data: AdminData): ReactElement {
    const { budgets } = data;
    const names = pagesOf(data);
    // The URL may name a page that this server does not have.
    const shown = names.includes(view.page) ? view.page : "models";
    return (
      <>
        {names.length > 1 && <TabNav pages={names} view={{ ...view, page: shown }} onView={onView} />}
        {budgets != null && (
          <BudgetBanner
            budgets={budgets}
            now={data.now + (Date.now() - page.dataUpdatedAt)}
            view={view}
            onView={onView}
          />
        )}
        {shown === "models" ? models(data) : <Suspense fallback={<Loading />}>{opened(shown, data)}</Suspense>}
      </>
    );
  }

  function shared(data: AdminData) {
    return { data, readAt: page.dataUpdatedAt, failure, client, queries, onRefresh: () => page.refetch(), onSaved };
  }

  function models(data: AdminData): ReactElement {
    return <AIModelsPage key={client.endpoint} {...shared(data)} refreshing={page.isFetching} />;
  }

  function opened(name: Exclude<PageName, "models">, data: AdminData): ReactElement {
    const { overview } = data;
    const nameOf = (id: string) => overview.find(({ provider }) => provider === id)?.name ?? id;
    if (name === "budgets") return <BudgetsPage key={client.endpoint} {...shared(data)} nameOf={nameOf} />;
    const own = { view, client, queries, nameOf, onView };
    if (name === "experiments") return <ExperimentsPage data={data} {...own} />;
    if (name === "tuning") return <TuningPage key={client.endpoint} {...shared(data)} {...own} />;
    if (name === "usage") return <UsagePage {...own} />;
    return view.call === null ? (
      // A search that the button "back" brings again is shown in its field.
      <LogPage key={view.search} {...own} />
    ) : (
      <CallPage key={view.call} callId={view.call} moved={moved} {...own} />
    );
  }

  return (
    <section ref={root} className="babylon-models" data-babylon-theme={theme} aria-label="AI models">
      {content()}
    </section>
  );
}

const Loading = (): ReactElement => (
  <div role="status" aria-busy="true">
    <span className="bm-hidden">Loading</span>
    <div className="bm-bone bm-bone-table" />
  </div>
);

/** The pages that the server has data for. */
const pagesOf = ({ records, budgets, experiments, tuning }: AdminData): readonly PageName[] => [
  "models",
  ...(records ? (["usage", "calls"] as const) : []),
  // An older server does not name them.
  ...(budgets == null ? [] : (["budgets"] as const)),
  ...(experiments ? (["experiments"] as const) : []),
  ...(tuning ? (["tuning"] as const) : []),
];

const isUnauthorized = (error: Error | null): boolean =>
  error !== null && toRequestFailure(error).kind === "unauthorized";

/** The reason if there is no page. */
function describeFirstFailure({ kind, message }: RequestFailure): Pick<MessageStateProps, "icon" | "title" | "text"> {
  if (kind === "offline") {
    return {
      icon: "offline",
      title: "The server cannot be reached",
      text: "This page keeps trying, and loads as soon as the server responds.",
    };
  }
  if (kind === "forbidden") {
    return { icon: "lock", title: "You may not see this page", text: `The server refused the request: ${message}.` };
  }
  return { icon: "alert", title: "The models could not be loaded", text: `${message}.` };
}
