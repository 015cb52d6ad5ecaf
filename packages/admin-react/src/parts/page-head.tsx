import type { AdminData } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import { describeChain } from "../words/describe-chain.ts";
import { Icon } from "./icon.tsx";

interface PageHeadProps {
  readonly data: AdminData;
  readonly refreshing: boolean;
  readonly testing: boolean;
  readonly offline: boolean;
  onRefresh(): void;
  onTest(): void;
}

/** The one thing to know, first: who serves, with what, and why. */
export function PageHead({ data, refreshing, testing, offline, onRefresh, onTest }: PageHeadProps): ReactElement {
  const words = describeChain(data);
  const [link] = data.chain;
  return (
    <header className="bm-head">
      <div className="bm-head-line">
        <h1>AI models</h1>
        <div className="bm-head-actions">
          <button
            type="button"
            className="bm-icon-button bm-refresh"
            aria-label="Look again"
            data-busy={refreshing}
            onClick={onRefresh}
          >
            <Icon name="refresh" />
          </button>
          <button type="button" className="bm-button" disabled={testing || offline} onClick={onTest}>
            {testing ? "Testing…" : "Test a call"}
          </button>
        </div>
      </div>
      <div className="bm-headline" data-tone={words.tone} role="status">
        <span className="bm-dot" aria-hidden="true" />
        <div>
          <p className="bm-headline-text">
            {words.headline}
            {link !== undefined && <span className="bm-mono bm-headline-model">{link.model}</span>}
          </p>
          <p className="bm-note">{words.detail}</p>
        </div>
      </div>
    </header>
  );
}
