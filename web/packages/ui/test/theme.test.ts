import { describe, expect, it } from "vitest";
import { VERDIGRIS, accentOf, contrast, textOn } from "../src/index";

describe("an accent", () => {
  it("of ours is left as it is", () => expect(accentOf(VERDIGRIS)).toEqual({ light: "#1f7a6d", dark: "#5cc8b4", onLight: "#ffffff", onDark: "#1f1d1a" }));

  it.each(["#ffee00", "#0a0a0a", "#3355ff", "#f0c", "#ffffff", "#8a8a8a"])("of %s can be read on both grounds, and so can what stands on it", (color) => {
    const accent = accentOf(color);
    expect(contrast(accent.light, "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent.dark, "#201e1c")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent.onLight, accent.light)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent.onDark, accent.dark)).toBeGreaterThanOrEqual(4.5);
  });

  it("that is no colour falls back to ours", () => expect(accentOf("url(evil)")).toEqual(accentOf(VERDIGRIS)));
  it("gets the text that reads better", () => expect([textOn("#000000"), textOn("#ffff00")]).toEqual(["#ffffff", "#1f1d1a"]));
});
