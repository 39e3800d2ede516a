// A file's way as one list, in the order of time: one pure function of what the server tells.

import type { StepKind, WireTimeline, WireVerdict } from "@vestibule/client";

/** Colour, sign and word of a moment go by it. */
export type Mood = "clean" | "held" | "refused" | "neutral";

export type Moment =
  | { kind: "step"; key: string; date: string; mood: Mood; step: Exclude<StepKind, "reviewed">; by: string }
  | { kind: "verdict"; key: string; date: string; mood: Mood; verdict: WireVerdict }
  | { kind: "awaited"; key: string; date: string; mood: Mood; check: string; until: string };

export const REVIEW = "review";

const STEPS: Record<StepKind, Mood> = {
  received: "neutral",
  cleared: "clean",
  held: "held",
  refused: "refused",
  reviewed: "neutral",
  sent: "neutral",
  recalled: "refused",
  gone: "neutral",
};
// What says nothing bad of a file: nobody knows yet.
const OPEN = new Set(["suspicious", "later", "timeout", "error"]);

export function moodOf(outcome: string): Mood {
  if (outcome === "clean") return "clean";
  return OPEN.has(outcome) ? "held" : "refused";
}

/** Of one moment, what was found stands before what came of it. */
export function momentsOf(timeline: WireTimeline): Moment[] {
  const ranked = [...stepMoments(timeline), ...verdictMoments(timeline)];
  ranked.sort((a, b) => Date.parse(a.moment.date) - Date.parse(b.moment.date) || a.rank - b.rank);
  return [...ranked.map(({ moment }) => moment), ...awaitedMoments(timeline)];
}

/** What keeps a file from going on: the last word of each check that let it wait. */
export function holdsOf({ verdicts }: WireTimeline): WireVerdict[] {
  const last = new Map(verdicts.map((verdict) => [verdict.check, verdict]));
  return [...last.values()].filter(({ outcome }) => moodOf(outcome) === "held");
}

interface Ranked {
  rank: number;
  moment: Moment;
}

// A decision is told by its verdict, which has the name and the reason.
function stepMoments({ steps }: WireTimeline): Ranked[] {
  return steps.flatMap(({ kind, date, by }, place): Ranked[] =>
    kind === "reviewed" ? [] : [{ rank: kind === "received" ? 0 : 2, moment: { kind: "step", key: `step ${place}`, date, mood: STEPS[kind], step: kind, by } }],
  );
}

function verdictMoments({ verdicts }: WireTimeline): Ranked[] {
  return verdicts.map((verdict, place) => ({
    rank: 1,
    moment: { kind: "verdict", key: `verdict ${place}`, date: verdict.date_created, mood: moodOf(verdict.outcome), verdict },
  }));
}

function awaitedMoments({ awaited }: WireTimeline): Moment[] {
  return awaited.map(({ check, date_created, date_expires }) => ({ kind: "awaited", key: `awaited ${check}`, date: date_created, mood: "held", check, until: date_expires }));
}
