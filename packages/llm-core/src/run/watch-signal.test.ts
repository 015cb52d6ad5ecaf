import { describe, expect, it } from "vitest";
import { listenersOf } from "../test-support/test-bed.ts";
import { unwatchSignal, watchSignal } from "./watch-signal.ts";

describe("a signal with many callbacks", () => {
  it("has one listener, until the last one has left", () => {
    const { signal } = new AbortController();
    const callbacks = Array.from({ length: 10_000 }, () => () => {});
    for (const callback of callbacks) watchSignal(signal, callback);
    expect(listenersOf(signal)).toBe(1);
    for (const callback of callbacks.slice(1)) unwatchSignal(signal, callback);
    expect(listenersOf(signal)).toBe(1);
    for (const callback of callbacks) unwatchSignal(signal, callback);
    expect(listenersOf(signal)).toBe(0);
  });

  it("calls each callback once, in order, and no removed one", () => {
    const controller = new AbortController();
    const { signal } = controller;
    const called: string[] = [];
    const callbacks = ["a", "b", "c"].map((name) => () => void called.push(name));
    for (const callback of callbacks) watchSignal(signal, callback);
    for (const callback of callbacks.slice(1, 2)) unwatchSignal(signal, callback);
    controller.abort();
    expect(called).toEqual(["a", "c"]);
    expect(listenersOf(signal)).toBe(0);
  });

  it("calls a callback added after the abort immediately", () => {
    const called: string[] = [];
    watchSignal(AbortSignal.abort(), () => void called.push("late"));
    expect(called).toEqual(["late"]);
  });

  it("callbacks may be removed during the abort, and added again later", () => {
    const controller = new AbortController();
    const { signal } = controller;
    const called: string[] = [];
    const first = () => {
      called.push("first");
      unwatchSignal(signal, first);
    };
    const second = () => void called.push("second");
    watchSignal(signal, first);
    unwatchSignal(signal, first);
    watchSignal(signal, first);
    watchSignal(signal, second);
    controller.abort();
    expect(called).toEqual(["first", "second"]);
  });
});
