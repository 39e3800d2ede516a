"use strict";

// AccessTokens minted by the libraries, and what their holders may do.

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { ACCOUNT_SID, API_KEY, SERVICE_SID, ask, inChannel, libraries, token } = require("./account");

const form = (fields) => ({ method: "POST", body: new URLSearchParams(fields) });

for (const [name, twilio] of Object.entries(libraries)) {
  describe(name, () => {
    test("a user with a token writes in their own name", async () => {
      await inChannel(twilio, async (channel, sid) => {
        await channel.members.create({ identity: "zoë@example.com" });
        const path = `/v2/Services/${SERVICE_SID}/Channels/${sid}/Messages`;
        const jwt = token(twilio, "zoë@example.com");
        for (const headers of [{}, { "X-Twilio-Token": "", Authorization: `Bearer ${jwt}` }]) {
          const answer = await ask(jwt, path, { ...form({ Body: "Hi" }), headers });
          assert.equal(answer.status, 201, await answer.clone().text());
          assert.equal((await answer.json()).from, "zoë@example.com");
        }
        const forged = await ask(jwt, path, form({ Body: "Hi", From: "ada" }));
        assert.deepEqual([forged.status, (await forged.json()).code], [403, 50107]);
      });
    });

    test("a token that another secret signed opens nothing", async () => {
      const { AccessToken } = twilio.jwt;
      const forged = new AccessToken(ACCOUNT_SID, API_KEY, "another secret ".repeat(3), { identity: "eve" });
      forged.addGrant(new AccessToken.ChatGrant({ serviceSid: SERVICE_SID }));
      const answer = await ask(forged.toJwt(), `/v2/Services/${SERVICE_SID}/Channels`);
      assert.deepEqual([answer.status, (await answer.json()).code], [401, 20003]);
    });
  });
}

test("the grant's former name is taken", async () => {
  const twilio = libraries["twilio 3"]; // the last generation that had it
  const jwt = token(twilio, "old friend", twilio.jwt.AccessToken.IpMessagingGrant);
  const answer = await ask(jwt, `/v2/Services/${SERVICE_SID}/Users/old%20friend`);
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.equal((await answer.json()).identity, "old friend");
});
