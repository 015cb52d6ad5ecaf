import type { CallData, CallDetail } from "@babylon/admin-api/contract";
import { formatDuration } from "@babylon/llm-core/status";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { AttemptTimeline } from "./calls/attempt-timeline.tsx";
import { CallContent } from "./calls/call-content.tsx";
import { type Fact, FactList } from "./calls/fact-list.tsx";
import type { AdminClient } from "./data/admin-client.ts";
import { toRequestFailure } from "./data/request-failure.ts";
import { ActionButton } from "./parts/action-button.tsx";
import { Icon } from "./parts/icon.tsx";
import { isPlainClick } from "./parts/is-plain-click.ts";
import { Notice } from "./parts/notice.tsx";
import { StateLabel } from "./parts/state-label.tsx";
import { type TabView, writeView } from "./usage/tab-view.ts";
import { localZone } from "./usage/usage-params.ts";
import { describeCost, describeOutcome, describeTokens } from "./words/describe-outcome.ts";
import { formatMoment } from "./words/format-moment.ts";

interface CallPageProps {
  readonly callId: string;
  /** The visitor came from another page of the tab, so that the focus belongs to the heading of this one. */
  readonly moved: boolean;
  readonly view: TabView;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  onView(view: TabView, push?: boolean): void;
}

const code = (text: string): ReactElement => <code>{text}</code>;

function factsOf(call: CallDetail, timeZone: string, nameOf: CallPageProps["nameOf"]): readonly Fact[] {
  const { totalUsage: usage, cost, metadata, unit } = call;
  return [
    ["Started", `${formatMoment(call.startedAt, timeZone)} (${timeZone.replaceAll("_", " ")})`],
    ["Duration", formatDuration(call.durationMs)],
    ["First token", formatDuration(call.firstTokenMs)],
    ["Answered by", call.provider === null ? "no provider" : `${nameOf(call.provider)}, ${call.model}`],
    ["Input tokens", describeTokens(usage.inputTokens)],
    ["Cached input tokens", describeTokens(usage.cachedInputTokens)],
    ["Output tokens", describeTokens(usage.outputTokens)],
    ["Cost", describeCost(cost)],
    ["Source of the price", cost === undefined || cost.source === "none" ? "none" : cost.source],
    ["Agent", call.agent],
    ["Tenant", call.tenant],
    ["Purpose", call.purpose],
    ["Unit", unit === null ? null : code(JSON.stringify(unit))],
    ["Metadata", metadata === null ? null : code(JSON.stringify(metadata))],
    ["Finish reason", call.finishReason],
    ["Settings version", call.settingsVersion === null ? null : String(call.settingsVersion)],
    ...call.experiments.map(
      ({ experiment, arm, version, served, excluded }): Fact => [
        `Experiment ${experiment}`,
        `${arm}, version ${version}, ${excluded === undefined ? SERVED_WORDS[served] : `excluded: ${excluded}`}`,
      ],
    ),
    ["Call id", code(call.callId)],
  ];
}

/** By which link a call of an experiment was served. */
const SERVED_WORDS: Readonly<Record<CallDetail["experiments"][number]["served"], string>> = {
  intended: "served as intended",
  fallback: "served by a fallback",
  none: "not served",
};

interface ContentSectionProps extends Pick<CallPageProps, "callId" | "client" | "queries"> {
  readonly data: CallData;
}

/** Prompts and answer; they are requested only by the button. */
function ContentSection({ callId, client, queries, data }: ContentSectionProps): ReactElement {
  const [wanted, setWanted] = useState(false);
  const content = useQuery(
    {
      queryKey: ["content", client.endpoint, callId],
      queryFn: ({ signal }) => client.call(callId, true, signal),
      enabled: wanted,
      // Content does not stay in memory when the page is left.
      gcTime: 0,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  if (!data.contentStored) return <p className="bm-card bm-empty">Prompts and answer are not stored.</p>;
  if (!data.mayReadContent) {
    return (
      <p className="bm-card bm-empty">Prompts and answer are stored. You need the permission “content” to read them.</p>
    );
  }
  if (content.data?.content != null) return <CallContent content={content.data.content} />;
  return (
    <div className="bm-card bm-card-foot">
      {content.error !== null && <p className="bm-problem">{toRequestFailure(content.error).message}.</p>}
      <ActionButton
        className="bm-button"
        blocked={content.isFetching}
        onClick={() => (wanted ? void content.refetch() : setWanted(true))}
      >
        {content.isFetching ? "Loading…" : "Show prompts and answer"}
      </ActionButton>
      <p className="bm-note">Reading them is logged with your name.</p>
    </div>
  );
}

/** One call: its figures, its attempts as a timeline, and its content for those who may read it. */
export function CallPage(props: CallPageProps): ReactElement {
  const { callId, moved, view, client, queries, nameOf, onView } = props;
  const timeZone = view.timeZone ?? localZone();
  const call = useQuery(
    {
      queryKey: ["call", client.endpoint, callId],
      queryFn: ({ signal }) => client.call(callId, false, signal),
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (moved) heading.current?.focus();
  }, [moved]);
  const list: TabView = { ...view, call: null };
  const { data } = call;

  return (
    <>
      <a
        className="bm-link"
        href={writeView(list, location.search) || location.pathname}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          onView(list, true);
        }}
      >
        <Icon name="earlier" />
        All calls
      </a>
      <header className="bm-head-line">
        <h1 tabIndex={-1} ref={heading}>
          Call
        </h1>
        {data !== undefined && <StateLabel words={describeOutcome(data.call.outcome)} />}
      </header>
      <div className="bm-notices" aria-live="polite">
        {call.error !== null && (
          <Notice tone="bad" icon="alert">
            The call could not be read: {toRequestFailure(call.error).message}.
          </Notice>
        )}
        {data?.call.error !== undefined && (
          <Notice tone="bad" icon="alert">
            <strong>{data.call.error.code}</strong> <span className="bm-break">{data.call.error.message}</span>
          </Notice>
        )}
        {data?.call.warnings.map((warning) => (
          <Notice key={warning} tone="warn" icon="alert">
            <span className="bm-break">{warning}</span>
          </Notice>
        ))}
      </div>
      {data === undefined && call.error === null && <div className="bm-bone bm-bone-table" />}
      {data !== undefined && (
        <>
          <div className="bm-card bm-call-facts">
            <FactList facts={factsOf(data.call, timeZone, nameOf)} />
          </div>
          <section aria-labelledby="bm-attempts-title">
            <div className="bm-section-head">
              <h2 id="bm-attempts-title">Attempts</h2>
              <p className="bm-note">
                {data.call.attempts.length} in {formatDuration(data.call.durationMs)}; the mark in a bar is the first
                token.
              </p>
            </div>
            <AttemptTimeline call={data.call} nameOf={nameOf} />
          </section>
          <section aria-labelledby="bm-content-title">
            <div className="bm-section-head">
              <h2 id="bm-content-title">Prompts and answer</h2>
            </div>
            <ContentSection key={callId} callId={callId} client={client} queries={queries} data={data} />
          </section>
        </>
      )}
    </>
  );
}
