import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { brokenLinks, notSearchable } from "./site-problems.ts";

const site = mkdtempSync(join(tmpdir(), "site-"));
afterAll(() => rmSync(site, { recursive: true, force: true }));
mkdirSync(join(site, "assets"));
mkdirSync(join(site, "guide"));
writeFileSync(
  join(site, "guide", "a.html"),
  '<h2 id="here">A</h2><a href="../index.html">up</a><a href="#there">no</a>',
);
writeFileSync(
  join(site, "index.html"),
  '<a href="guide/a.html#here">a</a><a href="guide/a.html#gone">b</a><a href="guide/b.html">c</a><img src="flow.svg">' +
    '<a href="https://example.com/x">d</a><a href="guide">e</a>',
);
const index = deflateSync(JSON.stringify({ rows: [{ name: "createLLMClient" }] })).toString("base64");
writeFileSync(join(site, "assets", "search.js"), `window.searchData = "${index}";`);

describe("a built site", () => {
  it("lists each broken link", () => {
    expect(brokenLinks(site).toSorted()).toEqual([
      "guide/a.html: #there",
      "index.html: flow.svg",
      "index.html: guide",
      "index.html: guide/a.html#gone",
      "index.html: guide/b.html",
    ]);
  });

  it("lists names that are missing in the search index", () => {
    expect(notSearchable(site, ["createLLMClient", "createBabylonLLM"])).toEqual(["createBabylonLLM"]);
  });
});
