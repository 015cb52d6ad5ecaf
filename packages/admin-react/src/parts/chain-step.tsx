import type { ProviderOverview, WindowName } from "@babylon/admin-api/contract";
import { formatDuration, formatShare } from "@babylon/llm-core/status";
import type { KeyboardEvent, PointerEvent, ReactElement } from "react";
import { Sparkline } from "../charts/sparkline.tsx";
import type { ProviderCourse } from "../usage/provider-courses.ts";
import { describeProvider, type ProviderContext, toneOfSuccess } from "../words/describe-provider.ts";
import { Icon } from "./icon.tsx";
import { useReadOnly } from "./read-only.ts";
import { StateLabel } from "./state-label.tsx";

/** The three ways to move a step without a pointer. */
export type MoveControl = "earlier" | "grip" | "later";

interface ChainStepProps {
  readonly provider: ProviderOverview;
  readonly position: number;
  readonly count: number;
  readonly context: ProviderContext;
  /** The window of the figures. */
  readonly window: WindowName;
  /** The last 24 hours; `null`: not recorded. */
  readonly course: ProviderCourse | null;
  /** Its unsaved changes in words. */
  readonly pending: string | null;
  readonly offset: { readonly x: number; readonly y: number } | null;
  readonly lifted: boolean;
  onGrab(event: PointerEvent): void;
  onMove(by: number, control: MoveControl): void;
}

const KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** One provider of the chain: its place, its state, its model and its recent figures. */
export function ChainStep(props: ChainStepProps): ReactElement {
  const { provider, position, count, context, window, course, pending, offset, lifted, onGrab, onMove } = props;
  const { name, configured, keyURL } = provider;
  const words = describeProvider(provider, context);
  const figures = provider.windows[window];
  const readOnly = useReadOnly();

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
      aria-current={provider.provider === context.activeProvider ? "true" : undefined}
      style={style}
    >
      <div className="bm-step-head">
        <span className="bm-step-place">
          <span className="bm-hidden">Number </span>
          {position}
        </span>
        <fieldset className="bm-step-moves" aria-label={`Move ${name}`} disabled={readOnly}>
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
          <dd data-tone={toneOfSuccess(figures.successRate)}>{formatShare(figures.successRate)}</dd>
        </div>
        <div>
          <dt>Attempts</dt>
          <dd>{figures.calls}</dd>
        </div>
        <div>
          <dt>First token</dt>
          <dd>{formatDuration(figures.firstTokenMs?.p50 ?? null)}</dd>
        </div>
        <div>
          <dt>p50</dt>
          <dd>{formatDuration(figures.durationMs?.p50 ?? null)}</dd>
        </div>
        <div>
          <dt>p95</dt>
          <dd>{formatDuration(figures.durationMs?.p95 ?? null)}</dd>
        </div>
      </dl>
      {course !== null && configured && (
        <div className="bm-course">
          <Sparkline
            values={course.attempts}
            failed={course.failed}
            label={`${name}, last 24 hours by hour: ${course.text}`}
          />
          <p className="bm-note" aria-hidden="true">
            24 h: {course.text}
          </p>
        </div>
      )}
    </li>
  );
}
