/** Whether a model has a name. */
export type ModelMatch = (model: string) => boolean;

/** The test of a pattern in which `*` is any text, also none. Takes time in proportion to the name. */
export function matchModel(pattern: string): ModelMatch {
  const [start = "", ...rest] = pattern.split("*");
  const end = rest.pop();
  if (end === undefined) return (model) => model === pattern;
  return (model) => {
    if (!model.startsWith(start) || !model.endsWith(end)) return false;
    let at = start.length;
    for (const part of rest) {
      const found = model.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    // The end must not overlap what has matched before it.
    return at <= model.length - end.length;
  };
}
