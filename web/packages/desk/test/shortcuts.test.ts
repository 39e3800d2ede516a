import { describe, expect, test } from "vitest";
import { SHORTCUTS, shortcutOf, type Press, type Where } from "../src/shortcuts";
import { english } from "../src/texts";

const press = (key: string, change: Partial<Press> = {}): Press => ({ key, code: `Key${key.toUpperCase()}`, ctrlKey: false, metaKey: false, altKey: false, ...change });
const desk: Where = { isTyping: false, isModal: false, singleKeys: true };

describe("keys", () => {
  test("j and k move, e wraps up, ? shows them all", () => {
    expect(["j", "k", "e", "a", "t", "i", "r"].map((key) => shortcutOf(press(key), desk))).toEqual(["next", "previous", "wrapUp", "accept", "transfer", "details", "reply"]);
    expect(shortcutOf(press("?", { code: "Slash" }), desk)).toBe("shortcuts");
    expect(shortcutOf(press("x"), desk)).toBeNull();
    expect(shortcutOf(press("constructor"), desk)).toBeNull();
  });

  test("in a field a letter is a letter", () => {
    expect(shortcutOf(press("e"), { ...desk, isTyping: true })).toBeNull();
    expect(shortcutOf(press("k", { ctrlKey: true }), { ...desk, isTyping: true })).toBe("palette");
    expect(shortcutOf(press("k", { metaKey: true }), desk)).toBe("palette");
  });

  test("with Ctrl or Alt they are the browser's", () => {
    expect(shortcutOf(press("j", { ctrlKey: true }), desk)).toBeNull();
    expect(shortcutOf(press("e", { altKey: true }), desk)).toBeNull();
  });

  test("over a dialog, and while an input method composes, nothing happens behind", () => {
    expect(shortcutOf(press("e"), { ...desk, isModal: true })).toBeNull();
    expect(shortcutOf(press("e", { isComposing: true }), desk)).toBeNull();
  });

  test("whoever speaks to their computer switches single keys off, and keeps the palette", () => {
    const off = { ...desk, singleKeys: false };
    expect(shortcutOf(press("e"), off)).toBeNull();
    expect(shortcutOf(press("k", { ctrlKey: true }), off)).toBe("palette");
  });

  test("on another script's layout the same key does the same", () => {
    expect(shortcutOf(press("ξ", { code: "KeyJ" }), desk)).toBe("next");
    expect(shortcutOf(press("ت", { code: "KeyJ" }), desk)).toBe("next");
  });

  test("each is explained", () => {
    for (const { name } of SHORTCUTS) expect(english.shortcuts[name]).toBeTruthy();
  });
});
