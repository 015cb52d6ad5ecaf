import { expect, test } from "vitest";
import { abortable } from "./abortable.ts";

/** A signal that counts its abort listeners. */
function countingSignal(controller: AbortController): { signal: AbortSignal; count: () => number } {
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  return { signal, count: () => listeners };
}

test("settles with the value or the error, and removes its listener", async () => {
  const { signal, count } = countingSignal(new AbortController());
  await expect(abortable(Promise.resolve(7), signal)).resolves.toBe(7);
  await expect(abortable(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
  expect(count()).toBe(0);
});

test("an abort rejects with its reason, and a later rejection of the work is handled", async () => {
  const controller = new AbortController();
  const work = Promise.withResolvers<number>();
  const result = abortable(work.promise, controller.signal);
  controller.abort("enough");
  await expect(result).rejects.toBe("enough");
  work.reject(new Error("late"));
  await expect(abortable(new Promise(() => {}), AbortSignal.abort("before"))).rejects.toBe("before");
});
