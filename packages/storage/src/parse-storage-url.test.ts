import { describe, expect, test } from "vitest";
import { parseStorageUrl } from "./parse-storage-url.ts";
import { StorageError } from "./storage-error.ts";

const parse = (url: string) => parseStorageUrl(url, "BABYLON_SETTINGS_URL", "/srv/app");

const ACCEPTED: readonly [url: string, result: object][] = [
  ["memory://", { scheme: "memory" }],
  ["sqlite://./data/babylon.db", { scheme: "sqlite", file: "/srv/app/data/babylon.db", readOnly: false }],
  ["sqlite://data/x.db", { scheme: "sqlite", file: "/srv/app/data/x.db" }],
  ["sqlite:///var/lib/x.db?mode=ro", { scheme: "sqlite", file: "/var/lib/x.db", readOnly: true }],
  ["sqlite:///a%20b/100%.db", { scheme: "sqlite", file: "/a%20b/100%.db" }],
  ["sqlite:///a%20b/c.db", { scheme: "sqlite", file: "/a b/c.db" }],
  ["sqlite://:memory:", { scheme: "sqlite", file: null }],
  ["redis://user:pass%20word@host:6380/2", { scheme: "redis", location: "redis://host:6380/2" }],
  ["rediss://host", { scheme: "redis", location: "rediss://host" }],
  [
    "rediss://user:p%40ss@a:7000,b,[::1]:7002",
    {
      scheme: "redis",
      nodes: ["rediss://user:p%40ss@a:7000", "rediss://user:p%40ss@b", "rediss://user:p%40ss@[::1]:7002"],
      location: "rediss://a:7000,b,[::1]:7002",
      secrets: ["p%40ss", "p@ss"],
    },
  ],
  ["postgres://u:p@host/db?sslmode=require", { scheme: "postgres", location: "postgres://host/db" }],
  ["postgresql://host/db", { scheme: "postgres", location: "postgresql://host/db" }],
  ["SQLITE://x.db", { scheme: "sqlite", file: "/srv/app/x.db" }],
];

const REFUSED = [
  "mysql://root:hunter22@host/db",
  "redis//:hunter22@host",
  "hunter22",
  "",
  "sqlite://",
  "sqlite://x.db?cache=hunter22",
  "sqlite://x.db?mode=hunter22",
  "redis://:hunter22@host:port",
  "redis://:hunter22@host:1,host:port",
  "postgres://u:hunter22@[host",
];

describe("the URL of a storage", () => {
  test.each(ACCEPTED)("%s", (url, result) => {
    expect(parse(url)).toMatchObject(result);
  });

  test.each(REFUSED)("%j is rejected with the name of the variable, and the error does not repeat the URL", (url) => {
    let thrown: unknown;
    try {
      parse(url);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(StorageError);
    expect(thrown).toMatchObject({ code: "invalid", at: "BABYLON_SETTINGS_URL" });
    expect(String(thrown)).not.toContain("hunter22");
  });

  test("contains its passwords only in the list of secrets", () => {
    const url = parse("redis://:p%40ss%20word@host");
    expect(url).toMatchObject({ secrets: ["p%40ss%20word", "p@ss word"] });
    expect(url.scheme === "redis" && url.location).not.toContain("ss");
  });
});
