import type { WireTimeline, WireVerdict } from "@vestibule/client";
import { expect, test } from "vitest";
import { holdsOf, momentsOf, moodOf, type Moment } from "../src/moments";

const verdict = (check: string, outcome: string, date_created: string): WireVerdict => ({ check, outcome, date_created, reason: "", detail: "", version: "", policy: "", milliseconds: 0 });
const step = (kind: WireTimeline["steps"][number]["kind"], date: string, by = "") => ({ kind, date, by });
const timeline = (more: Partial<WireTimeline>): WireTimeline => ({ media: {} as WireTimeline["media"], refusal: null, verdicts: [], steps: [], awaited: [], ...more });
const told = (moments: Moment[]) => moments.map((one) => (one.kind === "step" ? one.step : one.kind === "verdict" ? `${one.verdict.check} ${one.verdict.outcome}` : `awaits ${one.check}`));

test("a file's way is told in order, and what was found before what came of it", () => {
  const way = timeline({
    steps: [step("received", "2026-01-01T10:00:00Z", "ada"), step("held", "2026-01-01T10:00:02Z"), step("reviewed", "2026-01-01T10:05:00Z", "grace"), step("cleared", "2026-01-01T10:05:01Z"), step("sent", "2026-01-01T10:05:01Z", "ada")],
    verdicts: [verdict("policy", "clean", "2026-01-01T10:00:02Z"), verdict("rules", "suspicious", "2026-01-01T10:00:02Z"), verdict("review", "clean", "2026-01-01T10:05:00Z"), verdict("policy", "clean", "2026-01-01T10:05:01Z")],
  });
  expect(told(momentsOf(way))).toEqual(["received", "policy clean", "rules suspicious", "held", "review clean", "policy clean", "cleared", "sent"]);
});

test("what is awaited stands last", () => {
  const way = timeline({ steps: [step("received", "2026-01-01T10:00:00Z")], awaited: [{ check: "webhook", date_created: "2025-01-01T00:00:00Z", date_expires: "2026-01-01T11:00:00Z" }] });
  expect(told(momentsOf(way))).toEqual(["received", "awaits webhook"]);
});

test("only clean is green, and what says nothing of the file is not red", () => {
  expect(["clean", "later", "timeout", "error", "suspicious"].map(moodOf)).toEqual(["clean", "held", "held", "held", "held"]);
  expect(["infected", "refused", "encrypted", "too_large", "something new"].map(moodOf)).toEqual(Array(5).fill("refused"));
});

test("what holds a file is the last word of each check", () => {
  const verdicts = [verdict("antivirus", "timeout", "1"), verdict("rules", "clean", "1"), verdict("antivirus", "clean", "2"), verdict("webhook", "suspicious", "2")];
  expect(holdsOf(timeline({ verdicts })).map(({ check }) => check)).toEqual(["webhook"]);
});
