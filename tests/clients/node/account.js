"use strict";

// The account of a started server, as its environment tells it, and both generations of the official library.

const assert = require("node:assert/strict");

const { ADDRESS, ACCOUNT_SID, AUTH_TOKEN, API_KEY, API_SECRET, SERVICE_SID } = process.env;

const libraries = { "twilio 6": require("twilio"), "twilio 3": require("twilio3") };
const NOWHERE = "0".repeat(32); // the digits of a sid that nothing has

/** A client that is pointed here by nothing but its base address. */
function client(twilio, name = ACCOUNT_SID, secret = AUTH_TOKEN) {
  const made = twilio(name, secret, { accountSid: ACCOUNT_SID });
  made.chat.baseUrl = ADDRESS;
  return made;
}

/** The service that the server came with, in the library's present spelling. */
function service(twilio, ...credentials) {
  return client(twilio, ...credentials).chat.v2.services(SERVICE_SID);
}

/** Run with a channel of one's own. */
async function inChannel(twilio, run, fields = {}) {
  const { sid } = await service(twilio).channels.create({ friendlyName: "Room", ...fields });
  try {
    return await run(service(twilio).channels(sid), sid);
  } finally {
    await service(twilio).channels(sid).remove();
  }
}

/** An AccessToken as a program's own back end makes it. */
function token(twilio, identity, Grant = twilio.jwt.AccessToken.ChatGrant) {
  const made = new twilio.jwt.AccessToken(ACCOUNT_SID, API_KEY, API_SECRET, { identity });
  made.addGrant(new Grant({ serviceSid: SERVICE_SID }));
  return made.toJwt();
}

/** A request in a user's own name. */
function ask(jwt, path, options = {}) {
  return fetch(`${ADDRESS}${path}`, { ...options, headers: { "X-Twilio-Token": jwt, ...options.headers } });
}

/** The library rejects with what programs look at. */
async function refused(promise, status, code) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.constructor.name, "RestException");
    assert.deepEqual([error.status, error.code], [status, code], error.message);
    assert.ok(error.message && error.moreInfo);
    return true;
  });
}

module.exports = {
  ADDRESS, ACCOUNT_SID, AUTH_TOKEN, API_KEY, API_SECRET, SERVICE_SID, NOWHERE,
  libraries, client, service, inChannel, token, ask, refused,
};
