"use strict";

// A Function as plugins call it: takes a member's right to write. It gets the channel and the member by sid.

exports.handler = function (context, event, callback) {
  context
    .getTwilioClient()
    .chat.services(context.CHAT_SERVICE_SID)
    .channels(event.chatChannelSid)
    .members(event.memberSid)
    .update({ roleSid: context.BLOCKED_USER_SID })
    .then((member) => callback(null, member.sid))
    .catch((error) => callback(error, null));
};
