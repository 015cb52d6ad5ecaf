export { packSketch, unpackSketch } from "./figures/pack-sketch.ts";
export {
  addToSketch,
  bucketOf,
  countUpTo,
  createSketch,
  mergeSketch,
  quantileOf,
  SKETCH_RELATIVE_ERROR,
  type Sketch,
  subtractSketch,
} from "./figures/sketch.ts";
