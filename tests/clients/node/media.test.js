"use strict";

// Files over the official media client, and by form as browsers send them.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { McsClient } = require("@twilio/mcs-client");
const { ADDRESS, SERVICE_SID, ask, inChannel, libraries, token } = require("./account");

const twilio = libraries["twilio 6"];
const MEDIA = `/v1/Services/${SERVICE_SID}/Media`;
const IDENTITY = "photographer";
const photo = readFileSync(process.env.PHOTO);

const jwt = () => token(twilio, IDENTITY);
const mcs = () => new McsClient(jwt(), `${ADDRESS}${MEDIA}`, null);

/** What is at an address, asked without any credentials. */
async function bytes(url) {
  const answer = await fetch(url);
  const { byteLength: size } = await answer.arrayBuffer();
  return { status: answer.status, kind: answer.headers.get("content-type"), size };
}

/** Run in a channel with the photographer in it. */
function withMember(run) {
  return inChannel(twilio, async (channel, sid) => {
    await channel.members.create({ identity: IDENTITY });
    return run(channel, sid);
  });
}

/** Send a file in the photographer's own name. */
async function send(sid, mediaSid) {
  const path = `/v2/Services/${SERVICE_SID}/Channels/${sid}/Messages`;
  return ask(jwt(), path, { method: "POST", body: new URLSearchParams({ MediaSid: mediaSid }) });
}

test("a picture is uploaded, sent, fetched, and gone with its message", async () => {
  await withMember(async (channel, sid) => {
    const media = await mcs().post("image/jpeg", photo, null, "größe 1.jpg");
    assert.deepEqual([media.serviceSid, media.category], [SERVICE_SID, "media"]);
    assert.deepEqual([media.contentType, media.filename], ["image/jpeg", "größe 1.jpg"]);
    assert.ok(media.size > 0 && media.dateCreated instanceof Date);

    const sent = await (await send(sid, media.sid)).json();
    assert.deepEqual([sent.type, sent.media.sid, sent.media.content_type], ["media", media.sid, "image/jpeg"]);
    const [message] = await channel.messages.list();
    assert.equal(message.media.filename, "größe 1.jpg");

    const url = await (await mcs().get(media.sid)).getContentUrl();
    const seen = await bytes(url);
    assert.deepEqual([seen.status, seen.kind], [200, "image/jpeg"]);
    assert.ok(seen.size > 0);

    await channel.messages(message.sid).remove();
    assert.notEqual((await bytes(url)).status, 200);
    await assert.rejects(mcs().get(media.sid));
  });
});

test("a file is taken from a form, and once only", async () => {
  await withMember(async (channel, sid) => {
    const body = new FormData();
    body.append("file", new Blob([photo], { type: "image/jpeg" }), "form.jpg");
    const answer = await ask(jwt(), MEDIA, { method: "POST", body });
    assert.equal(answer.status, 201, await answer.clone().text());
    const record = await answer.json();
    assert.deepEqual([record.filename, record.author, record.channel_sid], ["form.jpg", IDENTITY, null]);

    assert.equal((await send(sid, record.sid)).status, 201);
    const again = await send(sid, record.sid);
    assert.deepEqual([again.status, (await again.json()).code], [400, 50508]);
  });
});

test("several files are asked about at once", async () => {
  await withMember(async () => {
    const client = mcs();
    const sids = [];
    for (const name of ["1.jpg", "2.jpg"]) sids.push((await client.post("image/jpeg", photo, "media", name)).sid);
    const records = await client.mediaSetGet(sids);
    assert.deepEqual(records.map((media) => media.filename), ["1.jpg", "2.jpg"]);
    const urls = await client.mediaSetGetContentUrls(sids);
    assert.deepEqual([...urls.keys()], sids);
    assert.equal((await bytes(urls.get(sids[0]))).status, 200);
  });
});

test("a program that calls itself a picture is refused, and there is nothing that could be sent", async () => {
  await withMember(async (channel, sid) => {
    const program = Buffer.from("MZ".padEnd(512, "\0"));
    const refusal = await mcs().post("image/jpeg", program, null, "photo.jpg").catch((error) => error);
    assert.equal(refusal.code, 422); // this client's word for the status
    assert.ok(refusal.body.code && refusal.body.message && refusal.body.advice && refusal.body.details.reason);
    const named = JSON.stringify(refusal.body).match(/ME[0-9a-f]{32}/)?.[0] ?? "ME";
    assert.equal((await send(sid, named)).ok, false);
    assert.deepEqual(await channel.messages.list(), []);
  });
});

test("nobody else fetches a file that was not sent", async () => {
  await withMember(async () => {
    const media = await mcs().post("image/jpeg", photo, null, "mine.jpg");
    const other = new McsClient(token(twilio, "somebody else"), `${ADDRESS}${MEDIA}`, null);
    await assert.rejects(other.get(media.sid), (error) => error.code === 404);
    assert.equal((await fetch(`${ADDRESS}${MEDIA}/${media.sid}`)).status, 401);
  });
});
