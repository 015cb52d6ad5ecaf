import type { ProviderOverview } from "@babylon/admin-api/contract";
import type { KeyboardEvent, PointerEvent, ReactElement } from "react";
import { describeStanding } from "../words/describe-standing.ts";
import { formatDuration, formatShare } from "../words/format-time.ts";
import { Icon } from "./icon.tsx";
import { StateLabel } from "./state-label.tsx";

/** The three ways to move a step without a pointer. */
export type MoveControl = "earlier" | "grip" | "later";

interface ChainStepProps {
  readonly provider: ProviderOverview;
  readonly position: number;
  readonly count: number;
  readonly active: string | null;
  readonly now: number;
  /** What is not saved yet about it, in words. */
  readonly pending: string | null;
  readonly offset: { readonly x: number; readonly y: number } | null;
  readonly lifted: boolean;
  onGrab(event: PointerEvent): void;
  onMove(by: number, control: MoveControl): void;
}

const KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** One provider of the chain: its place, its state, its model and how it has done lately. */
export function ChainStep(props: ChainStepProps): ReactElement {
  const { provider, position, count, active, now, pending, offset, lifted, onGrab, onMove } = props;
  const { name, configured, keyURL } = provider;
  const words = describeStanding(provider, active, now);

  function onKeyDown(event: KeyboardEvent): void {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onMove(by, "grip");
  }
  const style = offset === null ? undefined : { transform: `translate(${offset.x}px, ${offset.y}px)` };

  return (
    <li
      className="bm-step"
      data-step={provider.provider}
      data-tone={words.tone}
      data-lifted={lifted}
      aria-current={provider.provider === active ? "true" : undefined}
      style={style}
    >
      <div className="bm-step-head">
        <span className="bm-step-place">
          <span className="bm-hidden">Number </span>
          {position}
        </span>
        <fieldset className="bm-step-moves" aria-label={`Move ${name}`}>
          <button
            type="button"
            className="bm-icon-button"
            data-move="earlier"
            aria-label={`Move ${name} earlier`}
            aria-disabled={position === 1}
            onClick={() => onMove(-1, "earlier")}
          >
            <Icon name="earlier" />
          </button>
          <button
            type="button"
            className="bm-icon-button bm-grip"
            data-move="grip"
            aria-label={`Drag ${name}, or press the arrow keys to move it`}
            onPointerDown={onGrab}
            onKeyDown={onKeyDown}
          >
            <Icon name="grip" />
          </button>
          <button
            type="button"
            className="bm-icon-button"
            data-move="later"
            aria-label={`Move ${name} later`}
            aria-disabled={position === count}
            onClick={() => onMove(1, "later")}
          >
            <Icon name="later" />
          </button>
        </fieldset>
      </div>
      <h3>{name}</h3>
      <StateLabel words={words} />
      {words.detail !== null && <p className="bm-step-detail">{words.detail}</p>}
      {!configured && keyURL !== null && (
        <a className="bm-link" href={keyURL} target="_blank" rel="noreferrer">
          Get a key
          <span className="bm-hidden"> for {name}, in a new tab</span>
          <Icon name="link" />
        </a>
      )}
      <p className="bm-step-model bm-mono" title={provider.model}>
        {provider.model}
      </p>
      {pending !== null && (
        <p className="bm-pending" title={pending}>
          Unsaved: {pending}
        </p>
      )}
      <dl className="bm-figures">
        <div>
          <dt>Success</dt>
          <dd>{formatShare(provider.successRate)}</dd>
        </div>
        <div>
          <dt>First token</dt>
          <dd>{formatDuration(provider.firstTokenMs?.p50 ?? null)}</dd>
        </div>
        <div>
          <dt>Calls</dt>
          <dd>{provider.calls}</dd>
        </div>
      </dl>
    </li>
  );
}
