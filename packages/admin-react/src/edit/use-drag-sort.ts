import { type PointerEvent as ReactPointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { moveItem } from "./draft.ts";

interface Drag {
  readonly from: number;
  readonly to: number;
  readonly dx: number;
  readonly dy: number;
}

interface Offset {
  readonly x: number;
  readonly y: number;
}

/** Sorts a list by pointer. */
export interface DragSort {
  /** The index of the item that is being dragged. */
  readonly dragging: number | null;
  /** The handler of `pointerdown` on an item's handle. */
  grab(event: ReactPointerEvent, index: number): void;
  /** The offset of an item from its place during a drag; else `null`. */
  offsetOf(index: number): Offset | null;
}

const centre = ({ left, top, width, height }: DOMRect) => ({ x: left + width / 2, y: top + height / 2 });

/**
 * Sorts the children of a list by dragging them, in a row as well as in a column. The order changes when the item is dropped; Escape, or
 * `pointercancel`, cancels the drag.
 */
export function useDragSort(list: RefObject<HTMLElement | null>, onSort: (from: number, to: number) => void): DragSort {
  const [drag, setDrag] = useState<Drag | null>(null);
  const places = useRef<readonly DOMRect[]>([]);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  function grab(event: ReactPointerEvent, from: number): void {
    if (event.button !== 0 || list.current === null) return;
    event.preventDefault();
    places.current = [...list.current.children].map((child) => child.getBoundingClientRect());
    const home = places.current[from];
    if (home === undefined) return;
    const start = { x: event.clientX, y: event.clientY };
    let to = from;

    const onMove = (moved: PointerEvent) => {
      const dx = moved.clientX - start.x;
      const dy = moved.clientY - start.y;
      const at = { x: centre(home).x + dx, y: centre(home).y + dy };
      const distances = places.current.map((place) => Math.hypot(centre(place).x - at.x, centre(place).y - at.y));
      to = distances.indexOf(Math.min(...distances));
      setDrag({ from, to, dx, dy });
    };
    const end = () => {
      stop.current?.();
      stop.current = null;
      setDrag(null);
    };
    const onUp = () => {
      end();
      onSort(from, to);
    };
    const onKey = (key: KeyboardEvent) => {
      if (key.key === "Escape") end();
    };
    const controller = new AbortController();
    const { signal } = controller;
    stop.current = () => controller.abort();
    window.addEventListener("pointermove", onMove, { signal });
    window.addEventListener("pointerup", onUp, { signal });
    window.addEventListener("pointercancel", end, { signal });
    window.addEventListener("keydown", onKey, { signal });
    setDrag({ from, to, dx: 0, dy: 0 });
  }

  function offsetOf(index: number): Offset | null {
    if (drag === null) return null;
    if (index === drag.from) return { x: drag.dx, y: drag.dy };
    const order = moveItem([...places.current.keys()], drag.from, drag.to);
    const home = places.current[index];
    const place = places.current[order.indexOf(index)];
    return home === undefined || place === undefined ? null : { x: place.left - home.left, y: place.top - home.top };
  }

  return { dragging: drag?.from ?? null, grab, offsetOf };
}
