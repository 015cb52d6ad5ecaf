import type { AttemptStart } from "../../contract/call-observer.ts";
import type { AttemptReport } from "../../contract/provider.ts";
import { UNOBSERVED_ATTEMPT } from "../../observe/observing.ts";
import type { Admission } from "../admission/admission.ts";
import { addInterruptionListener, enterAttempt, timeLeftMs } from "../call.ts";
import { createJSONWeight } from "../json-weight.ts";
import { shareOfTime } from "../share-of-time.ts";
import type { AttemptInput } from "./attempt-input.ts";
import { firstPartLimitMs, toLastLinkLimitMs } from "./attempt-limits.ts";
import type { AttemptHandlers, OpenAttempt } from "./attempt-state.ts";
import { endAttempt } from "./end-attempt.ts";
import { cutOff, endWhole, timeOut } from "./time-out.ts";

const NOTHING_REPORTED: AttemptReport = Object.freeze({});

const HANDLERS: AttemptHandlers = { timeOut, endWhole };

/** Opens an admitted attempt. The request is sent when the first part is read. */
export function openAttempt(input: AttemptInput<unknown>, admission: Admission): OpenAttempt {
  const { walk, call, link } = input;
  const { output, form } = walk;
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
    fit: output.continuedFrom === null ? null : output.continuationFit(),
    weight: form.observe === undefined ? null : createJSONWeight(),
    firstTokenMs: null,
    shownReasoning: "",
    isBeaten: false,
    requestId: null,
    reported: NOTHING_REPORTED,
    sent: false,
    usage: null,
    outputChars: 0,
    firstPartMs: null,
    complete: false,
    ended: null,
    parts: null,
    stream: null,
    reader: null,
    isPulling: false,
    waitingSince: startedMono,
    restartsWait: false,
    lastBytesAtMonoMs: startedMono,
    limitMs: shareOfTime(partLimitMs, timeLeftMs(call), input.linksLeft),
    lastLinkLimitMs: toLastLinkLimitMs(call, partLimitMs, input.linksLeft),
    timer: null,
    cutShort: false,
    handlers: HANDLERS,
    onInterrupt(error) {
      cutOff(attempt, error);
      endAttempt(attempt, error);
    },
    endWhole: null,
    drainWaiter: null,
  };
  walk.engine.budget.count(link.resolved.ref, startedMono);
  attempt.observed = walk.observed.attempt(() => toStart(attempt));
  addInterruptionListener(call, attempt.onInterrupt);
  return attempt;
}

function toStart({ call, link, input, startedAt }: OpenAttempt): AttemptStart {
  const { number, kind, transport, request } = input;
  const { provider, model } = link;
  return { callId: call.id, number, kind, provider, model, transport, startedAt, request: () => request };
}
