import type { CallSummary } from "@babylon/admin-api/contract";
import { formatDuration } from "@babylon/llm-core/status";
import type { ReactElement } from "react";
import { isPlainClick } from "../parts/is-plain-click.ts";
import { StateLabel } from "../parts/state-label.tsx";
import { describeBounds, describeKnownCost, describeOutcome, describeTokens } from "../words/describe-outcome.ts";
import { formatMoment } from "../words/format-moment.ts";

interface CallsTableProps {
  readonly calls: readonly CallSummary[];
  readonly timeZone: string;
  nameOf(provider: string): string;
  hrefOf(callId: string): string;
  onOpen(callId: string): void;
}

/** The log of calls; the time of each is a link to its page. */
export function CallsTable({ calls, timeZone, nameOf, hrefOf, onOpen }: CallsTableProps): ReactElement {
  return (
    <table className="bm-table bm-calls">
      <thead>
        <tr>
          <th scope="col">Started</th>
          <th scope="col">Outcome</th>
          <th scope="col">Caller</th>
          <th scope="col">Answered by</th>
          <th scope="col" className="bm-end">
            Attempts
          </th>
          <th scope="col" className="bm-end">
            Tokens
          </th>
          <th scope="col" className="bm-end">
            Cost
          </th>
          <th scope="col" className="bm-end">
            Time
          </th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => {
          const { callId, startedAt, agent, tenant, purpose, provider, model, totalUsage } = call;
          const [caller = null, ...others] = [agent, tenant, purpose].filter((name) => name !== null);
          const bounds = describeBounds(call.cost);
          return (
            <tr key={callId} data-call={callId}>
              <th scope="row">
                <a
                  className="bm-link"
                  href={hrefOf(callId)}
                  onClick={(event) => {
                    if (!isPlainClick(event)) return;
                    event.preventDefault();
                    onOpen(callId);
                  }}
                >
                  <time dateTime={new Date(startedAt).toISOString()}>{formatMoment(startedAt, timeZone)}</time>
                </a>
              </th>
              <td data-label="Outcome">
                <div>
                  <StateLabel words={describeOutcome(call.outcome)} />
                  {call.error !== undefined && <span className="bm-note bm-mono">{call.error.code}</span>}
                </div>
              </td>
              <td data-label="Caller">
                <div className="bm-caller">
                  {caller ?? "–"}
                  {others.length > 0 && <div className="bm-note">{others.join(" · ")}</div>}
                </div>
              </td>
              <td data-label="Answered by">
                <div className="bm-caller">
                  {provider === null ? "no provider" : nameOf(provider)}
                  {model !== null && <div className="bm-note bm-mono">{model}</div>}
                </div>
              </td>
              <td data-label="Attempts" className="bm-end">
                <div>{call.attempts}</div>
              </td>
              <td data-label="Tokens" className="bm-end">
                {totalUsage.inputTokens === null && totalUsage.outputTokens === null ? (
                  <div>unknown</div>
                ) : (
                  <div>
                    {describeTokens(totalUsage.inputTokens)} <span className="bm-note">in</span> <br />
                    {describeTokens(totalUsage.outputTokens)} <span className="bm-note">out</span>
                  </div>
                )}
              </td>
              <td data-label="Cost" className="bm-end">
                <div>
                  {describeKnownCost(call.cost)}
                  {bounds !== null && <div className="bm-note">{bounds}</div>}
                </div>
              </td>
              <td data-label="Time" className="bm-end">
                <div>{formatDuration(call.durationMs)}</div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
