"use strict";

// A Function that blocks a member: unchanged but for the address its client is pointed at.

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const blockUser = require("./functions/block-user");
const run = require("./functions/runner");
const { NOWHERE, SERVICE_SID, ask, client, inChannel, libraries, refused, service, token } = require("./account");

/** The role that takes the right to write, and what a Function is told of it. */
async function settings(twilio) {
  const permission = ["leaveChannel"];
  const blocked = await service(twilio).roles.create({ friendlyName: "mute", type: "channel", permission });
  const getTwilioClient = () => client(twilio);
  return { CHAT_SERVICE_SID: SERVICE_SID, BLOCKED_USER_SID: blocked.sid, getTwilioClient };
}

for (const [name, twilio] of Object.entries(libraries)) {
  describe(name, () => {
    test("the Function blocks: the member may read and no longer write", async () => {
      await inChannel(twilio, async (channel, sid) => {
        const member = await channel.members.create({ identity: "rude" });
        const path = `/v2/Services/${SERVICE_SID}/Channels/${sid}/Messages`;
        const form = (fields) => ({ method: "POST", body: new URLSearchParams(fields) });
        const say = (fields) => ask(token(twilio, "rude"), path, form(fields));
        assert.equal((await say({ Body: "Rude words" })).status, 201);

        const context = await settings(twilio);
        const answer = await run(blockUser, context, { chatChannelSid: sid, memberSid: member.sid });

        assert.equal(answer, member.sid);
        assert.equal((await channel.members(member.sid).fetch()).roleSid, context.BLOCKED_USER_SID);
        for (const fields of [{ Body: "More" }, { MediaSid: `ME${NOWHERE}` }]) {
          const refusal = await say(fields);
          assert.deepEqual([refusal.status, (await refusal.json()).code], [403, 50107]);
        }
        const history = await (await ask(token(twilio, "rude"), path)).json();
        assert.deepEqual(history.messages.map((message) => message.body), ["Rude words"]);
      });
    });

    test("the Function calls back with the error where there is no such member", async () => {
      await inChannel(twilio, async (channel, sid) => {
        const event = { chatChannelSid: sid, memberSid: `MB${NOWHERE}` };
        await refused(run(blockUser, await settings(twilio), event), 404, 20404);
      });
    });
  });
}
