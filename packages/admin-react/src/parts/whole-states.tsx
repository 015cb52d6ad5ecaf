import type { ReactElement } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** A button. */
export interface Action {
  readonly label: string;
  run(): void;
}

/** Props of {@link MessageState}. */
export interface MessageStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly note?: string | null;
  readonly action: Action;
}

/** Replaces the page: why it cannot be shown, and what to do. */
export function MessageState({ icon, title, text, note = null, action }: MessageStateProps): ReactElement {
  return (
    <div className="bm-message" role="alert">
      <span className="bm-message-icon">
        <Icon name={icon} />
      </span>
      <h1 tabIndex={-1}>{title}</h1>
      <p>{text}</p>
      {note !== null && <p className="bm-note bm-break">{note}</p>}
      <button type="button" className="bm-button" onClick={action.run}>
        {action.label}
      </button>
    </div>
  );
}

/** The page's outline while it loads for the first time. */
export function LoadingState(): ReactElement {
  return (
    <div className="bm-loading" role="status" aria-busy="true">
      <h1 className="bm-hidden">Loading the AI models</h1>
      <div className="bm-bone bm-bone-title" />
      <div className="bm-bone bm-bone-banner" />
      <div className="bm-bones">
        <div className="bm-bone" />
        <div className="bm-bone" />
        <div className="bm-bone" />
        <div className="bm-bone" />
      </div>
      <div className="bm-bone bm-bone-table" />
    </div>
  );
}
