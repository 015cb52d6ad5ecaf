import { createEventParser, type ServerSentEvent } from "./event-parser.ts";

/** Whether a body that should be JSON is an event stream, whatever its head says: it begins with a field or a comment. */
export function isEventBody(text: string): boolean {
  return /^\uFEFF?\s*(?:(?:event|data|id|retry) ?:|:)/.test(text);
}

/** The events of a body that came whole. One that its end cuts off counts: who reads it sees whether it is complete. */
export function eventsOf(text: string): readonly ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const parse = createEventParser((event) => events.push(event));
  parse(`${text.replace(/^\uFEFF/, "")}\n\n`);
  return events;
}
