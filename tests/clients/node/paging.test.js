"use strict";

// A hundred and twenty messages, read in each of the library's ways.

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { libraries, service } = require("./account");

const MANY = Array.from({ length: 120 }, (_, number) => String(number));
const NEWEST = [...MANY].reverse();
const bodies = (rows) => rows.map((message) => message.body);

let sid;

before(async () => {
  ({ sid } = await service(libraries["twilio 6"]).channels.create());
  const { messages } = service(libraries["twilio 6"]).channels(sid);
  for (const body of MANY) await messages.create({ body });
});

after(() => service(libraries["twilio 6"]).channels(sid).remove());

for (const [name, twilio] of Object.entries(libraries)) {
  describe(name, () => {
    const list = () => service(twilio).channels(sid).messages;

    test("page after page by fifty", async () => {
      let page = await list().page({ pageSize: 50 });
      const read = [];
      while (page) {
        read.push(bodies(page.instances));
        page = await page.nextPage();
      }
      assert.deepEqual(read, [MANY.slice(0, 50), MANY.slice(50, 100), MANY.slice(100)]);
    });

    test("the next page is found by its address, and keeps the order", async () => {
      const page = await list().page({ order: "desc", pageSize: 50 });
      const next = await list().getPage(page.nextPageUrl ?? page.getNextPageUrl());
      assert.deepEqual(bodies(next.instances), NEWEST.slice(50, 100));
    });

    test("each goes through all of them", async () => {
      const read = await new Promise((resolve, reject) => {
        const rows = [];
        const done = (error) => (error ? reject(error) : resolve(rows));
        list().each({ pageSize: 50, done }, (message) => rows.push(message.body));
      });
      assert.deepEqual(read, MANY);
    });

    test("a list ends at its limit, or with the last", async () => {
      assert.deepEqual(bodies(await list().list()), MANY);
      assert.deepEqual(bodies(await list().list({ limit: 1000 })), MANY);
      assert.deepEqual(bodies(await list().list({ limit: 70, pageSize: 30 })), MANY.slice(0, 70));
      assert.deepEqual(bodies(await list().list({ order: "desc", pageSize: 50 })), NEWEST);
    });
  });
}
