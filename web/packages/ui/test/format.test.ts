import { describe, expect, it } from "vitest";
import { english, fit, formatDay, formatDuration, formatSize, initialsOf, splitName } from "../src/index";

it.each([[0, "0 B"], [999, "999 B"], [1_434, "1.4 KB"], [26_214_400, "25 MB"], [5_368_709_120, "5 GB"]])("%i bytes are %s", (bytes, words) =>
  expect(formatSize(bytes, "en")).toBe(words));

it.each([[7, "0:07"], [760, "12:40"], [3_729, "1:02:09"]])("%i seconds are %s", (seconds, words) => expect(formatDuration(seconds)).toBe(words));

it.each([["Mira Lindqvist", "ML"], ["agent", "A"], ["visitor-ce9e87", "VC"], ["محمد علي", "مع"], ["", "?"], ["42", "?"]])("%s is %s", (name, letters) =>
  expect(initialsOf(name)).toBe(letters));

describe("a day", () => {
  const now = new Date(2026, 10, 24, 9);
  it.each([
    [new Date(2026, 10, 24, 1), "Today"],
    [new Date(2026, 10, 23, 23), "Yesterday"],
    [new Date(2026, 9, 2), "Friday 2 October"],
    [new Date(2025, 9, 2), "Thursday 2 October 2025"],
  ])("%s is %s", (date, words) => expect(formatDay(date, english, "en-GB", now).replace(",", "")).toBe(words));
});

describe("a name that is too long", () => {
  it("is cut in the middle, and keeps its ending", () => {
    const name = `${"holiday ".repeat(11)}.jpeg`;
    const [start, end] = splitName(name);
    expect(start + end).toBe(name);
    expect(end).toMatch(/\.jpeg$/);
    expect(end.length).toBeLessThan(12);
  });
  it("is whole when it is short", () => expect(splitName("photo.png")).toEqual(["", "photo.png"]));
});

describe("a picture's box", () => {
  it("keeps its shape within the most it may have", () => expect(fit(1600, 800, 280, 320)).toEqual({ width: 280, height: 140 }));
  it("never grows a small picture", () => expect(fit(100, 90, 280, 320)).toEqual({ width: 100, height: 90 }));
  it("is never a thread", () => expect(fit(4000, 10, 280, 320).height).toBe(72));
});
