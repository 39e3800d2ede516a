export * from "./actions";
export { ChannelState, Chats, type AttachedFile } from "./channel-state";
export * from "./chat-actions";
export { CoreError, causeOf, coreError, sentenceOf } from "./errors";
export { fileProblem, type FileProblem, type FileRules } from "./files";
export { Notifications, type Notification, type ShowOptions } from "./notifications";
export { attachFiles, sendInput } from "./send";
export { registerTaskActions } from "./task-actions";
