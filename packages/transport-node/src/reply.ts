import { type ByteLimit, type ResponseHeaders, readBody, type TransportResponse } from "@babylon/provider-kit";
import { decodeBody } from "./body/decode-body.ts";
import { RawHeaders } from "./body/raw-headers.ts";
import type { ReadAhead } from "./body/read-ahead.ts";
import type { RawText } from "./connections/dispatcher.ts";

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

const utf8 = new TextDecoder();

/** A reply whose head has arrived. A class like `DispatchedRequest`, for the same reason. */
export class Reply implements TransportResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly url: string;
  readonly headers: ResponseHeaders;
  readonly body: AsyncIterable<Uint8Array> | null;
  readonly #content: AsyncIterable<Uint8Array>;
  /** The content, if it needs no decoding. */
  readonly #plain: ReadAhead | null;

  constructor(url: string, status: number, raw: readonly RawText[], queue: ReadAhead, limit: ByteLimit) {
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.url = url;
    this.headers = new RawHeaders(raw);
    const coding = this.headers.get("content-encoding");
    this.#plain = coding === null ? queue : null;
    this.#content = coding === null ? queue : decodeBody(queue, coding, limit);
    this.body = NO_BODY.has(status) ? null : this.#content;
  }

  async text(): Promise<string> {
    // A short body has usually arrived together with its headers.
    const whole = this.#plain?.whole() ?? null;
    return whole === null ? readBody(this.#content) : utf8.decode(whole);
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}
