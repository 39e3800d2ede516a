import { describe, expect, it } from "vitest";
import { Paginator, Slots, backoff, familyOf, parseAttributes } from "../src/index";
import { errorFrom } from "../src/http";

describe("backoff", () => {
  it("doubles, is capped, and spreads over its upper half", () => {
    expect(backoff(0, { random: () => 0 })).toBe(250);
    expect(backoff(0, { random: () => 1 })).toBe(500);
    expect(backoff(3, { random: () => 1 })).toBe(4000);
    expect(backoff(99, { random: () => 1 })).toBe(20_000);
  });
});

describe("slots", () => {
  it("let three through and the fourth when one ends", async () => {
    const slots = new Slots(3);
    const ends = await Promise.all([slots.take(), slots.take(), slots.take()]);
    let isThrough = false;
    const fourth = slots.take().then((end) => ((isThrough = true), end));
    await Promise.resolve();
    expect(isThrough).toBe(false);
    ends[0]();
    ends[0](); // twice is harmless
    (await fourth)();
    expect(isThrough).toBe(true);
  });

  it("are not used up by those who leave the queue", async () => {
    const slots = new Slots(1);
    const end = await slots.take();
    const leaving = new AbortController();
    const left = slots.take(leaving.signal);
    leaving.abort();
    (await left)();
    end();
    const next = await slots.take();
    expect(next).toBeTypeOf("function");
    next();
  });
});

describe("attributes", () => {
  it.each(["", "null", "[1]", "3", "{broken", null, undefined])("are an object even for %s", (text) => {
    expect(parseAttributes(text)).toEqual({});
  });
});

describe("an error", () => {
  it("keeps the server's words, and shows nobody a proxy's page", () => {
    const ours = errorFrom(403, '{"code":50107,"message":"User unauthorized for command","reason":"permission_denied"}');
    expect(ours).toMatchObject({ code: 50107, status: 403, isTemporary: false });
    const theirs = errorFrom(502, "<html>nginx</html>");
    expect(theirs.message).toBe("The server answered 502.");
    expect(theirs.isTemporary).toBe(true);
  });
});

describe("a file's family", () => {
  it.each([
    ["image/heic", "a.heic", "image"],
    ["application/pdf", "a.pdf", "pdf"],
    ["text/csv", "a.csv", "sheet"],
    ["text/plain", "a.txt", "text"],
    ["application/zip", "a.zip", "archive"],
    ["application/octet-stream", "a", "other"],
  ])("%s is %s", (type, name, family) => expect(familyOf(type, name)).toBe(family));
});

describe("a page", () => {
  it("goes back and forth", async () => {
    const all = Array.from({ length: 10 }, (_, index) => ({ index }));
    const page = (end: number): Promise<Paginator<{ index: number }>> => Promise.resolve(Paginator.of(all, end, 4, page));
    const last = await page(10);
    expect(last.items.map((one) => one.index)).toEqual([6, 7, 8, 9]);
    expect(last.hasNextPage).toBe(false);
    const before = await last.prevPage();
    expect(before.items.map((one) => one.index)).toEqual([2, 3, 4, 5]);
    expect((await before.nextPage()).items[0]?.index).toBe(6);
  });
});
