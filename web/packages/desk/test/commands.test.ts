import { expect, test } from "vitest";
import { grouped, matching, type Command } from "../src/commands";

const command = (label: string, group = "Chats", also = ""): Command => ({ id: label, label, also, group, icon: "", run: () => undefined });
const labels = (commands: Command[]) => commands.map((one) => one.label);

test("a command is found by its words in any order, without accents", () => {
  const all = [command("José García"), command("Dark colours"), command("Wrap up")];
  expect(labels(matching(all, "garcia jose"))).toEqual(["José García"]);
  expect(labels(matching(all, "COLOURS"))).toEqual(["Dark colours"]);
  expect(matching(all, "nobody")).toEqual([]);
  expect(labels(matching(all, " "))).toEqual(labels(all));
});

test("a chat is found by what was said last", () => {
  expect(labels(matching([command("Ada", "Chats", "the broken lamp")], "lamp"))).toEqual(["Ada"]);
});

test("what begins with the words comes first", () => {
  expect(labels(matching([command("Unblock"), command("Block")], "block"))).toEqual(["Block", "Unblock"]);
});

test("groups keep the order in which they come", () => {
  const all = [command("Wrap up", "Here"), command("Ada"), command("Block", "Here")];
  expect(grouped(all).map(([group, commands]) => [group, labels(commands)])).toEqual([["Here", ["Wrap up", "Block"]], ["Chats", ["Ada"]]]);
});
