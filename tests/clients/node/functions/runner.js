"use strict";

/** Run a Function's `handler(context, event, callback)`: gives what it called back with, or rejects. */
module.exports = function run({ handler }, { getTwilioClient, ...settings }, event) {
  return new Promise((resolve, reject) => {
    const context = Object.freeze({ ...settings, getTwilioClient });
    handler(context, event, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
};
