import type { TextResult } from "../contract/result.ts";
import { LLMError } from "../errors/llm-error.ts";
import { type PickEvent, snapshots, textPiece, wholeEvent } from "./pick-event.ts";
import type { StreamEvent } from "./stream-event.ts";
import type { TextStream } from "./text-stream.ts";
import { toEventStreamResponse } from "./to-event-stream-response.ts";
import { toTextResponse } from "./to-text-response.ts";

/** The operations behind a stream. */
export interface StreamControls {
  readonly takesText: boolean;
  /** `pick` must map events to `T`. */
  iteratorOf<T>(pick: PickEvent): AsyncIterator<T, undefined>;
  result(): Promise<TextResult>;
  close(): Promise<void>;
}

/**
 * The public face of a stream. A class because of its getters: V8 creates a new hidden class for each object literal with getters, and minor garbage collection keeps it
 * with everything it references, which is the whole answer.
 */
export class LazyTextStream implements TextStream {
  readonly #controls: StreamControls;

  constructor(controls: StreamControls) {
    this.#controls = controls;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    return this.#controls.iteratorOf<StreamEvent>(wholeEvent);
  }

  get textStream(): AsyncIterable<string> {
    const controls = this.#controls;
    if (!controls.takesText) {
      throw new LLMError({
        code: "invalid_input",
        message: 'textStream cannot withdraw text: read events or snapshots with onInterrupted "restart"',
        details: { path: "onInterrupted", expected: '"throw" or "continue" for textStream' },
      });
    }
    return { [Symbol.asyncIterator]: () => controls.iteratorOf<string>(textPiece) };
  }

  get snapshots(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this.#controls.iteratorOf<string>(snapshots()) };
  }

  get result(): Promise<TextResult> {
    return this.#controls.result();
  }

  cancel(): Promise<void> {
    return this.#controls.close();
  }

  toTextResponse(init?: ResponseInit): Response {
    return toTextResponse(this.textStream, init);
  }

  toEventStreamResponse(init?: ResponseInit): Response {
    return toEventStreamResponse(this[Symbol.asyncIterator](), init);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#controls.close();
  }
}
