"use strict";

// What the library rejects with, for the mistakes programs make.

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { API_KEY, API_SECRET, NOWHERE, client, inChannel, libraries, refused, service } = require("./account");

for (const [name, twilio] of Object.entries(libraries)) {
  describe(name, () => {
    test("wrong credentials open nothing, an API key does", async () => {
      await refused(service(twilio, undefined, "wrong").fetch(), 401, 20003);
      await refused(client(twilio, API_KEY, "wrong").chat.v2.services.list(), 401, 20003);
      assert.ok((await service(twilio, API_KEY, API_SECRET).fetch()).sid);
    });

    test("what is not there is not found, in lists as well", async () => {
      const { channels, users } = service(twilio);
      await refused(channels("nowhere").fetch(), 404, 20404);
      await refused(channels(`CH${NOWHERE}`).messages.list(), 404, 20404);
      await refused(users("nobody at all").fetch(), 404, 20404);
      await refused(channels("nowhere").remove(), 404, 20404);
      await refused(client(twilio).chat.v2.services(`IS${NOWHERE}`).channels.create(), 404, 20404);
    });

    test("nothing is made twice", async () => {
      await inChannel(twilio, async (channel) => {
        await channel.members.create({ identity: "twice" });
        await refused(channel.members.create({ identity: "twice" }), 409, 50404);
        await refused(service(twilio).channels.create({ uniqueName: "once only" }), 409, 50307);
        await refused(service(twilio).users.create({ identity: "twice" }), 409, 50201);
      }, { uniqueName: "once only" });
    });

    test("what cannot be is refused with the reason's number", async () => {
      await inChannel(twilio, async (channel) => {
        const { messages } = channel;
        await refused(messages.create({ body: "x".repeat(32769) }), 400, 50504);
        await refused(messages.create({ body: "x", attributes: "{" }), 400, 50304);
        await refused(messages.create({ mediaSid: `ME${NOWHERE}` }), 400, 50507);
        await refused(channel.update(), 400, 20161);
        await refused(messages.page({ pageToken: "-1" }), 400, 19038);
        const role = { friendlyName: "x", type: "channel", permission: ["fly"] };
        await refused(service(twilio).roles.create(role), 400, 50104);
        await refused(service(twilio).roles.create({ ...role, type: "house" }), 400, 50105);
      });
    });
  });
}
