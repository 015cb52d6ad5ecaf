import fc from "fast-check";
import { expect, it } from "vitest";
import { createFifo } from "./fifo.ts";

it("returns items in order, without removed ones", () => {
  const step = fc.oneof(fc.constant("add"), fc.constant("shift"), fc.nat(20));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000, size: "max" }), (steps) => {
      const queue = createFifo<{ readonly number: number }>();
      const model: { readonly number: number }[] = [];
      for (const [number, each] of steps.entries()) {
        if (each === "add") {
          model.push({ number });
          queue.add(model[model.length - 1] ?? { number });
        } else if (each === "shift") expect(queue.shift()).toBe(model.shift());
        else {
          const [left] = model.splice(Number(each), 1);
          expect(queue.delete(left ?? { number })).toBe(left !== undefined);
        }
      }
      while (model.length > 0) expect(queue.shift()).toBe(model.shift());
      expect(queue.shift()).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});
