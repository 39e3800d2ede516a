"use strict";

// The main resources, made, read, changed, listed and deleted. Each is changed by its sid: in version 6.2.0 what
// came from `create` or a list does not know its own.

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { ACCOUNT_SID, SERVICE_SID, client, inChannel, libraries, refused, service } = require("./account");

const IDENTITIES = ["alice+tag@example.com", "José Ñandú", "a b", "名前", "🦊 fox", "semi;colon&amp=1"];

for (const [name, twilio] of Object.entries(libraries)) {
  describe(name, () => {
    test("a service is made, changed and deleted", async () => {
      const services = client(twilio).chat.v2.services;
      const made = await services.create({ friendlyName: "Näxt döor" });
      assert.deepEqual([made.friendlyName, made.accountSid], ["Näxt döor", ACCOUNT_SID]);
      assert.deepEqual(made.limits, { channel_members: 100, user_channels: 250 });
      assert.ok(made.dateCreated instanceof Date);

      const changed = await services(made.sid).update({
        typingIndicatorTimeout: 7,
        "limits.channelMembers": 12,
        "notifications.newMessage.enabled": true,
        webhookFilters: ["onMessageSent", "onMemberAdded"],
      });
      assert.deepEqual([changed.typingIndicatorTimeout, changed.limits.channel_members], [7, 12]);
      assert.equal(changed.notifications.new_message.enabled, true);
      assert.deepEqual(changed.webhookFilters, ["onMessageSent", "onMemberAdded"]);
      assert.ok((await services(made.sid).roles.list()).length >= 4);
      assert.equal(await services(made.sid).remove(), true);
      await refused(services(made.sid).fetch(), 404, 20404);
    });

    test("the service that the server came with is among them", async () => {
      const services = await client(twilio).chat.v2.services.list();
      assert.ok(services.some((one) => one.sid === SERVICE_SID));
    });

    test("a role is made, changed and deleted", async () => {
      const roles = service(twilio).roles;
      const permission = ["leaveChannel", "sendMessage"];
      const role = await roles.create({ friendlyName: "quiet", type: "channel", permission });
      assert.deepEqual([...role.permissions].sort(), permission);
      const changed = await roles(role.sid).update({ permission: ["leaveChannel"] });
      assert.deepEqual(changed.permissions, ["leaveChannel"]);
      assert.equal(await roles(role.sid).remove(), true);
    });

    test("a user is made, changed and deleted", async () => {
      const users = service(twilio).users;
      const user = await users.create({ identity: "node", friendlyName: "Nöde" });
      assert.deepEqual([user.identity, user.attributes, user.joinedChannelsCount], ["node", "{}", 0]);
      const changed = await users("node").update({ friendlyName: "N", attributes: '{"n": 1}' });
      assert.deepEqual([changed.friendlyName, changed.attributes], ["N", '{"n": 1}']);
      assert.equal(await users(user.sid).remove(), true);
    });

    test("a channel goes by its sid and its unique name", async () => {
      const uniqueName = "zwei Wörter +1";
      await inChannel(twilio, async (channel, sid) => {
        const named = service(twilio).channels(uniqueName);
        assert.equal((await named.fetch()).sid, sid);
        const changed = await channel.update({ friendlyName: "Größe 🐘", attributes: '{"a": "ü"}' });
        assert.deepEqual([changed.friendlyName, changed.attributes], ["Größe 🐘", '{"a": "ü"}']);
        assert.equal((await named.messages.create({ body: "Hi" })).channelSid, sid);
        const [last] = await named.messages.list({ order: "desc", limit: 1 });
        assert.equal((await channel.fetch()).links.last_message, last.url);
      }, { uniqueName });
    });

    test("members go by sid and identity, whatever its letters", async () => {
      await inChannel(twilio, async (channel) => {
        for (const identity of IDENTITIES) {
          const member = await channel.members.create({ identity });
          assert.equal(member.identity, identity);
          assert.equal((await channel.members(identity).fetch()).sid, member.sid);
          assert.equal((await channel.members(member.sid).fetch()).identity, identity);
        }
        const some = await channel.members.list({ identity: IDENTITIES.slice(0, 2) });
        assert.deepEqual(some.map((member) => member.identity), IDENTITIES.slice(0, 2));
        assert.equal((await channel.fetch()).membersCount, IDENTITIES.length);
        assert.equal(await channel.members(IDENTITIES[0]).remove(), true);
      });
    });

    test("a message is sent, changed and deleted", async () => {
      await inChannel(twilio, async (channel, sid) => {
        const body = "Grüße, 世界! 👩‍👩‍👧‍👦\n+ & = ; 100%";
        const message = await channel.messages.create({ body, from: "ada", attributes: '{"n": 1}' });
        assert.deepEqual([message.body, message.from, message.to, message.index], [body, "ada", sid, 0]);
        assert.deepEqual([message.type, message.media, message.wasEdited], ["text", null, false]);
        assert.ok(message.dateCreated instanceof Date);
        const one = channel.messages(message.sid);
        const changed = await one.update({ body: "Changed", lastUpdatedBy: "grace" });
        assert.deepEqual([changed.body, changed.wasEdited, changed.lastUpdatedBy], ["Changed", true, "grace"]);
        assert.equal(await one.remove(), true);
        assert.deepEqual(await channel.messages.list(), []);
      });
    });

    test("a user's channels, invites and webhooks are there too", async () => {
      await inChannel(twilio, async (channel, sid) => {
        await channel.members.create({ identity: "reader" });
        await channel.messages.create({ body: "New" });
        const row = service(twilio).users("reader").userChannels(sid);
        const fresh = await row.fetch();
        assert.deepEqual([fresh.status, fresh.unreadMessagesCount], ["joined", null]);
        const marked = await row.update({ lastConsumedMessageIndex: 0, notificationLevel: "muted" });
        assert.deepEqual([marked.unreadMessagesCount, marked.notificationLevel], [0, "muted"]);

        const invite = await channel.invites.create({ identity: "guest" });
        assert.deepEqual((await channel.invites.list()).map((one) => one.sid), [invite.sid]);
        assert.equal(await channel.invites(invite.sid).remove(), true);

        const webhook = await channel.webhooks.create({
          type: "webhook",
          "configuration.url": "https://example.com/told",
          "configuration.filters": ["onMessageSent"],
          "configuration.retryCount": 1,
        });
        assert.equal(webhook.configuration.url, "https://example.com/told");
        assert.equal(await channel.webhooks(webhook.sid).remove(), true);
        assert.equal(await row.remove(), true);
        assert.equal((await channel.fetch()).membersCount, 0);
      });
    });

    test("the older spelling without a version still works", async () => {
      const same = client(twilio).chat.services(SERVICE_SID);
      assert.equal((await same.fetch()).sid, SERVICE_SID);
      if (client(twilio).ipMessaging) {
        const former = client(twilio);
        former.ipMessaging.baseUrl = former.chat.baseUrl;
        assert.equal((await former.ipMessaging.v2.services(SERVICE_SID).fetch()).sid, SERVICE_SID);
      }
    });
  });
}
