import { responseHeaders } from "./response-headers.ts";
import { streamBody } from "./stream-body.ts";

/** A response of plain text pieces. A failure fails the body, so that half an answer never looks like a whole one. */
export function toTextResponse(pieces: AsyncIterable<string>, init: ResponseInit = {}): Response {
  const body = streamBody(pieces[Symbol.asyncIterator](), keepPairs());
  return new Response(body, { ...init, headers: responseHeaders("text/plain; charset=utf-8", init.headers) });
}

/** Holds back the first half of a surrogate pair until the second one arrives: encoded apart, both are lost. For one text. */
function keepPairs(): (piece: string) => string {
  let half = "";
  return (piece) => {
    const text = half + piece;
    half = /[\uD800-\uDBFF]$/.exec(text)?.[0] ?? "";
    return half === "" ? text : text.slice(0, -1);
  };
}
