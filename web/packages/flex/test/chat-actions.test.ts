// @vitest-environment happy-dom
import { Emitter, memoryKeep, type Channel } from "@vestibule/client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Actions, Chats, Notifications, attachFiles, fileProblem, registerChatActions, sendInput, type ChannelState } from "../src/index";

const RULES = { max_bytes: 100, accept: [".jpg", ".pdf"], words: "Photos, PDF" };
const file = (name: string, content = "x") => new File([content], name);
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

class FakeChannel extends Emitter<{ changed: [] }> {
  sid = "CH1";
  client = { keep: memoryKeep(), identity: "me" };
  log: string[] = [];
  sendMessage = vi.fn((body: string) => (this.log.push(`message ${body}`), Promise.resolve(3)));
  sendFile = vi.fn((one: File) => (this.log.push(`file ${one.name}`), { done: Promise.resolve(4) }));
  typing = vi.fn(() => Promise.resolve());
}

let source: FakeChannel;
let channel: ChannelState;
let actions: Actions;
let notifications: Notifications;
const view = vi.fn();
const save = vi.fn();

beforeEach(() => {
  source = new FakeChannel();
  const chats = new Chats();
  channel = chats.open(source as unknown as Channel);
  actions = new Actions({ log: () => undefined });
  notifications = new Notifications();
  registerChatActions(actions, { chats, notifications, rules: () => RULES, view, save });
});

describe("a file in the browser", () => {
  it.each([
    ["photo.jpg", "x", null],
    ["PHOTO.JPG", "x", null],
    ["photo.jpg", "", "FileEmpty"],
    ["photo.jpg", "x".repeat(101), "FileTooLarge"],
    ["photo.exe", "x", "FileTypeNotAccepted"],
    ["photo.jpg.exe", "x", "FileTypeNotAccepted"],
  ])("%s (%#) has the problem %s", (name, content, problem) => expect(fileProblem(file(name, content), RULES)).toBe(problem));
});

describe("the chat's actions", () => {
  it("fill in the channel from its sid and the reverse, in the caller's object", async () => {
    const payload: Record<string, unknown> = { channelSid: "CH1", body: "hi" };
    expect(await actions.invokeAction("SendMessage", payload)).toBe(3);
    expect(payload["channel"]).toBe(channel);
    const other: Record<string, unknown> = { channel, body: "ho" };
    await actions.invokeAction("SetInputText", other);
    expect(other["channelSid"]).toBe("CH1");
    await expect(actions.invokeAction("SendMessage", { channelSid: "CH9", body: "hi" })).rejects.toThrow("No channel");
  });

  it("clear the input when its text is sent, and keep a draft over a reload", async () => {
    await actions.invokeAction("SetInputText", { channel, body: "hello" });
    expect(source.typing).toHaveBeenCalled();
    expect(new Chats().open(source as unknown as Channel).inputText).toBe("hello");
    await actions.invokeAction("SendMessage", { channel, body: "hello" });
    expect([channel.inputText, new Chats().open(source as unknown as Channel).inputText]).toEqual(["", ""]);
  });

  it("resolve with the new message's index for a file as well", async () => {
    expect(await actions.invokeAction("SendMediaMessage", { channel, file: file("a.jpg") })).toBe(4);
  });

  it("refuse what cannot be sent, and say so", async () => {
    await expect(actions.invokeAction("AttachFile", { channel, file: file("a.exe") })).rejects.toThrow("Failed to attach. Invalid file type");
    expect(notifications.list).toMatchObject([{ code: "FileTypeNotAccepted", fields: { fileName: "a.exe" } }]);
  });

  it("open nothing when a check of DownloadMedia says no or breaks", async () => {
    const message = { media: { filename: "a.jpg", getContentUrl: () => Promise.resolve("/files/x") } };
    await actions.invokeAction("DownloadMedia", { message });
    expect(save).toHaveBeenCalledExactlyOnceWith("/files/x", "a.jpg");
    actions.addListener("beforeDownloadMedia", () => Promise.reject(new Error("scanner down")));
    for (const purpose of ["save", "view", "play"]) await expect(actions.invokeAction("DownloadMedia", { message, purpose })).rejects.toThrow();
    expect([save.mock.calls.length, view.mock.calls.length]).toEqual([1, 0]);
  });
});

describe("the composer", () => {
  it("sends each file and then the text", async () => {
    await attachFiles(actions, notifications, channel, [file("a.jpg"), file("b.pdf")]);
    const first = channel.attachedFiles[0]?.file;
    if (first) channel.describe(first, "A window");
    await actions.invokeAction("SetInputText", { channel, body: "Here you are" });
    sendInput(actions, notifications, channel);
    await settled();
    expect(source.log).toEqual(["file a.jpg", "file b.pdf", "message Here you are"]);
    expect(source.sendFile.mock.calls[0]?.slice(1)).toEqual([{ description: "A window" }]);
    expect(channel.attachedFiles).toEqual([]);
  });

  it("takes a file out again when a listener of AttachFile says no, and says so", async () => {
    actions.addListener("beforeAttachFile", (_, cancel) => cancel());
    const attaching = attachFiles(actions, notifications, channel, [file("a.jpg")]);
    expect(channel.attachedFiles).toMatchObject([{ isChecking: true }]);
    await attaching;
    expect(channel.attachedFiles).toEqual([]);
    expect(notifications.list).toMatchObject([{ code: "FileStopped" }]);
  });

  it("never sends a file whose check broke, and says so", async () => {
    await attachFiles(actions, notifications, channel, [file("a.jpg")]);
    actions.addListener("beforeSendMediaMessage", () => Promise.reject(new Error("scanner down")));
    sendInput(actions, notifications, channel);
    await settled();
    expect(source.sendFile).not.toHaveBeenCalled();
    expect(notifications.list).toMatchObject([{ code: "FileNotChecked", fields: { fileName: "a.jpg" } }]);
  });

  it("does not send spaces", () => {
    channel.setText("  \n ");
    sendInput(actions, notifications, channel);
    expect(source.sendMessage).not.toHaveBeenCalled();
  });
});
