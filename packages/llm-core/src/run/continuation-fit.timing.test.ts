import { expectLinear } from "@babylon/llm-testing/vitest";
import { it } from "vitest";
import { createContinuationFit } from "./continuation-fit.ts";

const story = "Once upon a time there was a lighthouse. ";

it("takes time linear in the white space at the seam, in chunks of one character", async () => {
  await expectLinear((size) => {
    const blanks = " ".repeat(size / 2);
    return () => {
      const fit = createContinuationFit(story + blanks);
      for (const character of blanks) fit.take(character);
      fit.take("Then");
      fit.release();
    };
  });
});
