import { type Contestant, KEY, MODEL, PROMPT, type Target } from "./contestant.ts";

/** The used members of undici's dispatcher, on which Node's `fetch` is built. */
interface Dispatcher {
  dispatch(request: object, handler: object): boolean;
}

const SLOT = Symbol.for("undici.globalDispatcher.1");

/** Node creates it at the first use of `Response`. */
function platformDispatcher(_: typeof Response): Dispatcher {
  return Reflect.get(globalThis, SLOT);
}

/** Sends the same request directly with undici's dispatcher; the bytes are counted, not parsed. */
export async function undiciAlone({ url }: Target): Promise<Contestant> {
  const dispatcher = platformDispatcher(Response);
  const { origin, pathname } = new URL(url);
  const headers = { "content-type": "application/json", authorization: `Bearer ${KEY}` };

  function ask(stream: boolean): Promise<string> {
    const body = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: PROMPT }], stream });
    return new Promise((resolve, reject) => {
      let size = 0;
      dispatcher.dispatch(
        { origin, path: `${pathname}/v1/chat/completions`, method: "POST", headers, body },
        {
          onConnect() {},
          onHeaders: () => true,
          onData(piece: Uint8Array) {
            size += piece.byteLength;
            return true;
          },
          onComplete: () => resolve(String(size)),
          onError: reject,
        },
      );
    });
  }

  return {
    unread: true,
    json: () => ask(false),
    async *stream() {
      yield await ask(true);
    },
  };
}
