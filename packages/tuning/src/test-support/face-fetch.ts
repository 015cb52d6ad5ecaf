/** A request to a vendor's API in a test. */
export interface FaceCall {
  readonly method: string;
  /** Without the address of the API. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** JSON; `undefined`: it is a form, or absent. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** The file of a form. */
  readonly file: string | undefined;
}

/** A reply: a status with JSON. */
export type FaceReply = readonly [status: number, body: unknown];

/** A `fetch` that is one API: a key is required, and the next reply may be lost after its work. */
export interface FaceFetch {
  readonly fetch: typeof fetch;
  /** Method and path of each request. */
  readonly requests: string[];
  /** Loses the reply to the next request whose method and path begin like this. */
  loseReplyTo(request: string): void;
}

/** Creates a `fetch` for an API below an address. */
export function createFaceFetch(base: string, key: string, answer: (call: FaceCall) => FaceReply): FaceFetch {
  const requests: string[] = [];
  let lost: string | null = null;
  return {
    requests,
    loseReplyTo(request) {
      lost = request;
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const path = url.href.slice(base.length).replace(/\?.*$/, "");
      const name = `${request.method} ${path}`;
      requests.push(name);
      if (request.headers.get("authorization") !== `Bearer ${key}`) {
        return Response.json({ error: { message: "invalid API key" } }, { status: 401 });
      }
      const type = request.headers.get("content-type") ?? "";
      const form = type.startsWith("multipart/form-data") ? await request.formData() : null;
      const file = form?.get("file");
      const [status, body] = answer({
        method: request.method,
        path,
        query: url.searchParams,
        json: type.startsWith("application/json") ? await request.json() : undefined,
        file: file instanceof Blob ? await file.text() : undefined,
      });
      if (lost !== null && name.startsWith(lost)) {
        lost = null;
        throw new TypeError("fetch failed", { cause: new Error("socket hang up") });
      }
      return Response.json(body, { status });
    },
  };
}
