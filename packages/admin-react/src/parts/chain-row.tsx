import type { ProviderOverview, WindowName } from "@babylon/admin-api/contract";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { moveItem } from "../edit/draft.ts";
import { useDragSort } from "../edit/use-drag-sort.ts";
import type { ProviderCourse } from "../usage/provider-courses.ts";
import type { ProviderContext } from "../words/describe-provider.ts";
import { ChainStep, type MoveControl } from "./chain-step.tsx";

interface ChainRowProps {
  /** In the order to show, which may be one that is not saved yet. */
  readonly providers: readonly ProviderOverview[];
  readonly context: ProviderContext;
  /** The window of the figures. */
  readonly window: WindowName;
  /** The last 24 hours of a provider; `null`: not recorded. */
  readonly courseOf: ((provider: string) => ProviderCourse) | null;
  /** Providers with unsaved changes, and these changes in words. */
  readonly pending: ReadonlyMap<string, string>;
  readonly orderPending: boolean;
  onOrder(order: readonly string[]): void;
}

/** The chain, first to last; each step can be dragged, or moved with its buttons and the arrow keys. */
export function ChainRow(props: ChainRowProps): ReactElement {
  const { providers, context, window, courseOf, pending, orderPending, onOrder } = props;
  const ids = providers.map(({ provider }) => provider);
  const list = useRef<HTMLOListElement>(null);
  const refocus = useRef<string | null>(null);
  const [announcement, setAnnouncement] = useState("");

  function move(from: number, to: number, control: MoveControl | null): void {
    const moved = providers[from];
    if (moved === undefined || from === to || to < 0 || to >= ids.length) return;
    if (control !== null) refocus.current = `[data-step="${moved.provider}"] [data-move="${control}"]`;
    setAnnouncement(`${moved.name} is now number ${to + 1} of ${ids.length}. Not saved yet.`);
    onOrder(moveItem(ids, from, to));
  }
  const drag = useDragSort(list, (from, to) => move(from, to, null));

  // React moves a step by removing and inserting it, which loses the focus.
  useEffect(() => {
    if (refocus.current === null) return;
    list.current?.querySelector<HTMLElement>(refocus.current)?.focus();
    refocus.current = null;
  });

  return (
    <>
      <ol className="bm-chain" ref={list} data-dragging={drag.dragging !== null} data-pending={orderPending}>
        {providers.map((provider, at) => (
          <ChainStep
            key={provider.provider}
            provider={provider}
            position={at + 1}
            count={ids.length}
            context={context}
            window={window}
            course={courseOf?.(provider.provider) ?? null}
            pending={pending.get(provider.provider) ?? null}
            offset={drag.offsetOf(at)}
            lifted={drag.dragging === at}
            onGrab={(event) => drag.grab(event, at)}
            onMove={(by, control) => move(at, at + by, control)}
          />
        ))}
      </ol>
      <p className="bm-hidden" role="status">
        {announcement}
      </p>
    </>
  );
}
