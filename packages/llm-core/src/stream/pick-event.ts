import type { StreamEvent } from "./stream-event.ts";

/** What a reader is given of an event; `undefined`: nothing, and the next event is looked at instead. */
export type PickEvent = (event: StreamEvent) => unknown;

/** The event itself. */
export const wholeEvent: PickEvent = (event) => event;
/** The text of a piece. Its reader cannot be told of a restart. */
export const textOf: PickEvent = (event) => (event.type === "text" ? event.text : undefined);

/** The text so far, shorter again after a restart. For one reader. */
export function snapshots(): PickEvent {
  let text = "";
  return (event) => {
    if (event.type === "restart") text = "";
    else if (event.type === "text") text += event.text;
    else return undefined;
    return text;
  };
}
