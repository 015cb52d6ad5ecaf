import type { AttemptStart } from "../../contract/call-observer.ts";
import type { AttemptReport } from "../../contract/provider.ts";
import { UNOBSERVED_ATTEMPT } from "../../observe/observing.ts";
import type { Admission } from "../admission/admission.ts";
import { addInterruptionListener, enterAttempt, timeLeftMs } from "../call.ts";
import { shareOfTime } from "../share-of-time.ts";
import type { AttemptInput } from "./attempt-input.ts";
import { firstPartLimitMs, toLastLinkLimitMs } from "./attempt-limits.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { endAttempt } from "./end-attempt.ts";
import { beginPull, failReading, settle } from "./read-answer.ts";
import { cutOff, endWhole, timeOut } from "./time-out.ts";
import { toAdapterError } from "./to-adapter-error.ts";

const NOTHING_REPORTED: AttemptReport = Object.freeze({});

/** Opens an admitted attempt. The request is sent when the first part is read. */
export function openAttempt(input: AttemptInput<unknown>, admission: Admission): OpenAttempt {
  const { engine, call, link } = input;
  const { clock } = call;
  const place = enterAttempt(call, input.request);
  const startedMono = clock.monotonic();
  const partLimitMs = firstPartLimitMs(call.limits, link, input.transport);
  const attempt: OpenAttempt = {
    call,
    link,
    input,
    admission,
    observed: UNOBSERVED_ATTEMPT,
    place,
    startedAt: clock.now(),
    startedMono,
    answer: null,
    requestId: null,
    reported: NOTHING_REPORTED,
    sent: false,
    usage: null,
    outputChars: 0,
    firstPartMs: null,
    complete: false,
    ended: null,
    parts: null,
    iterator: null,
    reader: null,
    isPulling: false,
    waitingSince: startedMono,
    restartsWait: false,
    lastBytesAtMonoMs: startedMono,
    limitMs: shareOfTime(partLimitMs, timeLeftMs(call), input.linksLeft),
    lastLinkLimitMs: toLastLinkLimitMs(call, partLimitMs, input.linksLeft),
    timer: null,
    cutShort: false,
    onPart: ({ done, value }) => settle(attempt, done === true ? undefined : value),
    onFailure(thrown) {
      if (attempt.reader !== null) failReading(attempt, toAdapterError(thrown));
    },
    onTimer: () => timeOut(attempt),
    endWhole: (why) => endWhole(attempt, why),
    onDrained: {
      resume() {
        if (!attempt.isPulling) beginPull(attempt);
      },
      fail: (error) => failReading(attempt, error),
    },
    onInterrupt(error) {
      cutOff(attempt, error);
      endAttempt(attempt, error);
    },
  };
  engine.budget.count(link.resolved.ref, startedMono);
  attempt.observed = input.observed.attempt(() => toStart(attempt));
  addInterruptionListener(call, attempt.onInterrupt);
  return attempt;
}

function toStart({ call, link, input, startedAt }: OpenAttempt): AttemptStart {
  const { engine, number, kind, transport, request } = input;
  const { provider, model } = link;
  const endpoint = engine.endpoints.find(link.resolved, engine.env);
  return { callId: call.id, number, kind, provider, model, transport, endpoint, startedAt, request: () => request };
}
