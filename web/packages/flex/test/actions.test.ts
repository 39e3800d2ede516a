import { describe, expect, it, vi } from "vitest";
import { Actions, CoreError, FILE_ACTIONS } from "../src/index";

const pause = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));

function make(options: ConstructorParameters<typeof Actions>[0] = {}) {
  const log = vi.fn();
  const actions = new Actions({ log, ...options });
  const body = vi.fn((payload?: { value?: number }) => payload?.value);
  actions.registerAction("Greet", body);
  return { actions, body, log };
}

describe("invoking", () => {
  it("resolves with what the body gave", async () => {
    const { actions } = make();
    expect(await actions.invokeAction("Greet", { value: 7 })).toBe(7);
  });

  it("rejects an unknown name with a CoreError", async () => {
    const { actions } = make();
    const error: unknown = await actions.invokeAction("Shout").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CoreError);
    expect((error as CoreError).message).toBe("Action does not exist");
    expect((error as CoreError).content.description).toBe("Action Shout does not exist!");
  });

  it("lets payloadUpdate change the caller's own object", async () => {
    const { actions } = make();
    actions.registerAction("Fill", (payload: { a: number }) => payload.a, (payload: { a?: number }) => (payload.a = 3));
    const payload = {};
    expect(await actions.invokeAction("Fill", payload)).toBe(3);
    expect(payload).toEqual({ a: 3 });
  });

  it("passes a CoreError through and wraps anything else", async () => {
    const { actions } = make();
    const own = new CoreError("mine");
    const strange = new TypeError("strange");
    actions.registerAction("Own", () => Promise.reject(own));
    actions.registerAction("Strange", () => {
      throw strange;
    });
    await expect(actions.invokeAction("Own")).rejects.toBe(own);
    const error = (await actions.invokeAction("Strange").catch((e: unknown) => e)) as CoreError;
    expect([error.message, error.content.wrappedError]).toEqual(["strange", strange]);
  });

  it("wraps even a thrown undefined", async () => {
    const { actions } = make();
    actions.registerAction("Nothing", () => {
      throw undefined;
    });
    await expect(actions.invokeAction("Nothing")).rejects.toBeInstanceOf(CoreError);
  });

  it("swallows rejections in tryInvokeAction", async () => {
    const { actions } = make();
    expect(await actions.tryInvokeAction("Shout")).toBeUndefined();
  });
});

describe("pending", () => {
  function running() {
    const { actions } = make();
    let finish = () => undefined as unknown;
    actions.registerAction("Wait", () => new Promise((resolve) => (finish = () => resolve(null))));
    return { actions, finish: () => finish() };
  }

  it.each([
    ["the same reference", (payload: object) => payload],
    ["no payload", () => undefined],
    ["a subset", () => ({ a: 1 })],
  ])("rejects a second call with %s", async (_, second) => {
    const { actions, finish } = running();
    const payload = { a: 1, b: 2 };
    const first = actions.invokeAction("Wait", payload);
    await expect(actions.invokeAction("Wait", second(payload))).rejects.toThrow("Action is pending");
    finish();
    await first;
  });

  it("lets a superset and a different value run beside it", async () => {
    const { actions } = make();
    const seen: unknown[] = [];
    actions.registerAction("Wait", async (payload: unknown) => {
      seen.push(payload);
      await pause(5);
    });
    await Promise.all([{ a: 1 }, { a: 1, b: 2 }, { a: 2 }].map((payload) => actions.invokeAction("Wait", payload)));
    expect(seen).toHaveLength(3);
  });

  it("looks at the payload before payloadUpdate fills it in", async () => {
    const { actions } = make();
    actions.registerAction("Wait", () => pause(5), (payload: { sid?: string }) => (payload.sid = "CH1"));
    const first = actions.invokeAction("Wait", { a: 1 });
    await expect(actions.invokeAction("Wait", { sid: "CH1" })).rejects.toThrow("Action is pending");
    await first;
  });

  it("is found while it runs, and may run again after it failed", async () => {
    const { actions } = make();
    actions.registerAction("Fail", () => pause().then(() => Promise.reject(new Error("no"))));
    const first = actions.invokeAction("Fail", { a: 1 });
    expect(actions.findPendingActions("Fail")).toHaveLength(1);
    expect(actions.findPendingActions(["Fail"], { a: 2 })).toHaveLength(0);
    expect(actions.findPendingActions("Fail", ({ a }: { a: number }) => a === 1)).toHaveLength(1);
    await expect(first).rejects.toThrow("no");
    await expect(actions.invokeAction("Fail", { a: 1 })).rejects.toThrow("no");
  });
});

describe("blocked", () => {
  it("rejects what the block covers until it is unblocked", async () => {
    const { actions, body } = make();
    actions.blockAction("Greet", { room: "a" });
    await expect(actions.invokeAction("Greet", { room: "a", value: 1 })).rejects.toThrow("Action is blocked");
    await actions.invokeAction("Greet", { room: "b" });
    actions.unblockAction("Greet", { room: "a" });
    await actions.invokeAction("Greet", { room: "a" });
    expect(body).toHaveBeenCalledTimes(2);
  });

  it("covers everything without a payload, and says so", async () => {
    const { actions } = make();
    const changed = vi.fn();
    actions.addListener("actionBlockedChanged", changed);
    actions.blockAction("Greet");
    expect(actions.findBlockedActions("Greet")).toHaveLength(1);
    await expect(actions.invokeAction("Greet", { value: 1 })).rejects.toThrow("Action is blocked");
    actions.unblockAction("Greet");
    expect(changed.mock.calls).toEqual([[true, "Greet", undefined], [false, "Greet", undefined]]);
  });
});

describe("before listeners", () => {
  it("start in order, run at the same time, and are all awaited", async () => {
    const { actions } = make();
    const steps: string[] = [];
    actions.addListener("beforeGreet", async () => {
      steps.push("a starts");
      await pause(10);
      steps.push("a ends");
    });
    actions.addListener("beforeGreet", async () => {
      steps.push("b starts");
      await pause(1);
      steps.push("b ends");
    });
    actions.registerAction("Greet", () => steps.push("body"));
    await actions.invokeAction("Greet", {});
    expect(steps).toEqual(["a starts", "b starts", "b ends", "a ends", "body"]);
  });

  it("see one payload and may change it", async () => {
    const { actions } = make();
    actions.addListener("beforeGreet", (payload: { value: number }) => void (payload.value += 1));
    actions.addListener("beforeGreet", (payload: { value: number }) => void (payload.value *= 10));
    expect(await actions.invokeAction("Greet", { value: 1 })).toBe(20);
  });

  it("may cancel: no body, no after, a plain error, and the others still ran", async () => {
    const { actions, body } = make();
    const [other, after] = [vi.fn(), vi.fn()];
    actions.addListener("beforeGreet", (_, cancel) => cancel());
    actions.addListener("beforeGreet", other);
    actions.addListener("afterGreet", after);
    const error: unknown = await actions.invokeAction("Greet").catch((e: unknown) => e);
    expect((error as Error).message).toBe("Action Greet cancelled by before event");
    expect(error).not.toBeInstanceOf(CoreError);
    expect(other).toHaveBeenCalledOnce();
    expect([body.mock.calls, after.mock.calls]).toEqual([[], []]);
  });

  it("may cancel later, as long as another still runs, and not after that", async () => {
    const { actions, body } = make();
    let late: () => void = () => undefined;
    actions.addListener("beforeGreet", async (_, cancel) => {
      late = cancel;
      await pause(5);
      cancel();
    });
    actions.addListener("beforeGreet", () => pause(10));
    await expect(actions.invokeAction("Greet")).rejects.toThrow("cancelled");
    actions.removeAllListeners("beforeGreet");
    actions.addListener("beforeGreet", (_, cancel) => void (late = cancel));
    await actions.invokeAction("Greet");
    late();
    expect(body).toHaveBeenCalledOnce();
  });

  it("are not told what one returned", async () => {
    const { actions } = make();
    actions.addListener("beforeGreet", () => false);
    expect(await actions.invokeAction("Greet", { value: 1 })).toBe(1);
  });
});

describe("a listener that breaks", () => {
  const breaks = { "throws at once": () => { throw new Error("broken"); }, rejects: () => Promise.reject(new Error("broken")) };

  it.each(Object.entries(breaks))("that %s does not stop an ordinary action, nor the other listeners", async (_, broken) => {
    const { actions, log } = make();
    const other = vi.fn();
    actions.addListener("beforeGreet", broken);
    actions.addListener("beforeGreet", other);
    expect(await actions.invokeAction("Greet", { value: 4 })).toBe(4);
    expect(other).toHaveBeenCalledOnce();
    expect(log).toHaveBeenCalledOnce();
  });

  it.each(FILE_ACTIONS.flatMap((name) => Object.entries(breaks).map(([how, broken]) => [name, how, broken] as const)))(
    "closes %s when it %s",
    async (name, _, broken) => {
      const { actions } = make();
      const [body, other] = [vi.fn(), vi.fn()];
      actions.registerAction(name, body);
      actions.addListener(`before${name}`, broken);
      actions.addListener(`before${name}`, other);
      await expect(actions.invokeAction(name, {})).rejects.toThrow(`Action ${name} stopped: a check failed`);
      expect(body).not.toHaveBeenCalled();
      expect(other).toHaveBeenCalledOnce();
    },
  );

  it("says which error stopped the action", async () => {
    const { actions } = make({ beforeErrors: "cancel" });
    actions.addListener("beforeGreet", breaks.rejects);
    const error = (await actions.invokeAction("Greet").catch((e: unknown) => e)) as CoreError;
    expect((error.content.wrappedError as Error).message).toBe("broken");
  });

  it("follows the site's setting, and a listener's own before that", async () => {
    const open = make({ beforeErrors: "continue" });
    open.actions.registerAction("AttachFile", () => "attached");
    open.actions.addListener("beforeAttachFile", breaks.rejects);
    expect(await open.actions.invokeAction("AttachFile", {})).toBe("attached");
    open.actions.addListener("beforeAttachFile", breaks.rejects, { onError: "cancel" });
    await expect(open.actions.invokeAction("AttachFile", {})).rejects.toThrow("a check failed");
  });

  it("after the action changes nothing, and the other after listeners run", async () => {
    const { actions } = make();
    const other = vi.fn();
    actions.addListener("afterGreet", breaks["throws at once"]);
    actions.addListener("afterGreet", breaks.rejects);
    actions.addListener("afterGreet", other);
    expect(await actions.invokeAction("Greet", { value: 2 })).toBe(2);
    expect(other).toHaveBeenCalledWith({ value: 2 });
  });
});

describe("replacing", () => {
  it("gives the payload and the bare body; the last replacement wins", async () => {
    const { actions, body } = make();
    actions.replaceAction("Greet", () => "first");
    actions.replaceAction("Greet", async (payload: { value: number }, original) => `second ${String(await original({ value: payload.value + 1 }))}`);
    expect(await actions.invokeAction("Greet", { value: 1 })).toBe("second 2");
    expect(body).toHaveBeenCalledOnce();
  });

  it("fires no events for the original", async () => {
    const { actions } = make();
    const before = vi.fn();
    actions.addListener("beforeGreet", before);
    actions.replaceAction("Greet", (payload, original) => original(payload));
    await actions.invokeAction("Greet", { value: 1 });
    expect(before).toHaveBeenCalledOnce();
  });

  it("may invoke another action, as the guide does for personal storage", async () => {
    const { actions, body } = make();
    actions.registerAction("SendMediaMessage", () => "media");
    actions.replaceAction("SendMediaMessage", () => actions.invokeAction("Greet", { value: 9 }));
    expect(await actions.invokeAction("SendMediaMessage", {})).toBe(9);
    expect(body).toHaveBeenCalledOnce();
  });

  it("does not lift the before listeners", async () => {
    const { actions } = make();
    const replaced = vi.fn();
    actions.replaceAction("Greet", replaced);
    actions.addListener("beforeGreet", (_, cancel) => cancel());
    await expect(actions.invokeAction("Greet")).rejects.toThrow("cancelled");
    expect(replaced).not.toHaveBeenCalled();
  });
});

describe("after listeners", () => {
  it("are awaited and get the payload, not the result", async () => {
    const { actions } = make();
    const heard: unknown[] = [];
    actions.addListener("afterGreet", async (...args: unknown[]) => {
      await pause(5);
      heard.push(...args);
    });
    await actions.invokeAction("Greet", { value: 1 });
    expect(heard).toEqual([{ value: 1 }]);
  });

  it("do not run when the body failed", async () => {
    const { actions } = make();
    const after = vi.fn();
    actions.registerAction("Fail", () => Promise.reject(new Error("no")));
    actions.addListener("afterFail", after);
    await actions.tryInvokeAction("Fail");
    expect(after).not.toHaveBeenCalled();
  });
});

describe("listening", () => {
  it("tells when an invocation begins and ends", async () => {
    const { actions } = make();
    const heard: unknown[] = [];
    actions.addListener("invocationBegin", (...args: unknown[]) => heard.push(["begin", ...args]));
    actions.addListener("invocationEnd", (...args: unknown[]) => heard.push(["end", ...args]));
    await actions.invokeAction("Greet", { value: 1 });
    expect(heard).toEqual([["begin", "Greet", { value: 1 }], ["end", "Greet", { value: 1 }]]);
  });

  it("stops by removeListener and removeAllListeners", async () => {
    const { actions } = make();
    const [one, two] = [vi.fn(), vi.fn()];
    actions.addListener("beforeGreet", one).addListener("beforeGreet", two);
    actions.removeListener("beforeGreet", one);
    await actions.invokeAction("Greet");
    actions.removeAllListeners();
    await actions.invokeAction("Greet");
    expect([one.mock.calls.length, two.mock.calls.length]).toEqual([0, 1]);
  });

  it("refuses names that are no events, and emitting by hand", () => {
    const { actions } = make();
    expect(() => actions.addListener("Greet", () => undefined)).toThrow("Unknown event");
    expect(() => actions.emit()).toThrow("Emitting is not supported");
  });
});
