import { Channel, type Client } from "@vestibule/client";
import { expect, it } from "vitest";
import { aMedia, aMember, aMessage, aView } from "../../client/test/wires";
import { transcriptOf } from "../src/transcript";

const client = { identity: "me", outbox: { of: () => [] }, keep: { get: () => null } } as unknown as Client;

it("names who said what, and the files that are still there", async () => {
  const messages = [
    aMessage(0, { body: "Hello" }),
    aMessage(1, { author: "me", body: "", media: aMedia({ filename: "window.jpg" }) }),
    aMessage(2, { author: "me", body: "gone", media: aMedia({ filename: "secret.jpg", state: "gone" }) }),
  ];
  const members = [aMember("me", { friendly_name: "Mira" }), aMember("nora", { friendly_name: "Nora" })];
  const text = await transcriptOf(new Channel(client, aView({ members, messages })), "Chat with Support", "en");
  expect(text).toMatch(/^Chat with Support\n/);
  expect(text).toContain("Nora: Hello");
  expect(text).toContain("Mira: [window.jpg]");
  expect(text).not.toContain("secret.jpg");
});
