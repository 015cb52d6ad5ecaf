import type { StreamEvent } from "./stream-event.ts";

/** Maps an event to the value that the reader receives; `undefined`: the event is skipped. */
export type PickEvent = (event: StreamEvent) => unknown;

/** Maps each event to itself. */
export const wholeEvent: PickEvent = (event) => event;
/** Maps text events to their text. This reader cannot process a restart. */
export const textPiece: PickEvent = (event) => (event.type === "text" ? event.text : undefined);

/** Maps text events to the whole text so far; a restart makes it empty. Has state: create one per reader. */
export function snapshots(): PickEvent {
  let text = "";
  return (event) => {
    if (event.type === "restart") text = "";
    else if (event.type === "text") text += event.text;
    else return undefined;
    return text;
  };
}
