// Every sentence that widget and desk share. Another language is another object of this shape.

export interface Texts {
  close: string;
  cancel: string;
  dismiss: string;
  retry: string;
  remove: string;
  download: string;
  open: string;
  details: string;
  look: string;
  menu: string;
  you: string;
  today: string;
  yesterday: string;
  conversation: string;
  earlier: string;
  newMessages: (count: number) => string;
  typing: (names: string[]) => string;
  sendingFile: (name: string) => string;
  said: (name: string, body: string) => string;
  sentFile: (name: string, file: string) => string;
  read: string;
  sending: string;
  waiting: string;
  notSent: string;
  discard: string;
  edited: string;
  removedMessage: string;
  removedMessages: (count: number) => string;
  removedFile: string;
  pages: (count: number) => string;
  play: (file: string) => string;
  pause: string;
  position: string;
  view: (file: string) => string;
  noPreview: string;
  write: string;
  writeMessage: string;
  send: string;
  attach: string;
  attachment: (file: string) => string;
  removeFile: (file: string) => string;
  describe: string;
  describeFor: (file: string) => string;
  describeHint: string;
  dropToSend: string;
  dropHint: (words: string, size: string) => string;
  fileChecking: string;
  fileQueued: string;
  fileUploading: (percent: string) => string;
  fileSpeed: (rate: string) => string;
  filePaused: string;
  fileHeld: string;
  fileSending: string;
  fileFailed: string;
  fileRefused: string;
  fileRefusedAdvice: string;
  fileRefusedOther: string;
  fileHeldOther: string;
  fileRecalled: string;
  chooseAnother: string;
  cancelUpload: (file: string) => string;
  uploadState: (file: string, state: string) => string;
  refused: (file: string) => string;
  offline: string;
  offlineWaiting: (count: number) => string;
  reconnecting: string;
  tryNow: string;
  blocked: string;
  gallery: string;
  previous: string;
  next: string;
  ofTotal: (place: number, total: number) => string;
  confirmDelete: string;
  confirmDeleteText: string;
  confirmDeleteFile: (file: string) => string;
  delete: string;
  reveal: string;
  /** The button of a picture that is blurred. */
  blurred: (file: string) => string;
  /** By a file's flag, for a badge and for a sentence. */
  flags: Record<string, string>;
  flagsOf: (file: string) => string;
  fileAsks: (flags: string[]) => string;
  sendAnyway: string;
  doNotSend: string;
  shielded: string;
  /** By the server's code, where its own sentence is for programs. */
  errors: Record<number, string>;
  notices: Record<string, (fields: Record<string, string | number>) => string>;
}

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many.replace("#", String(count)));

const HELD: Record<string, string> = { card_number: "a card number", iban: "a bank account", secret: "a password or key" };
const listed = (words: string[]) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`);

export const english: Texts = {
  close: "Close",
  cancel: "Cancel",
  dismiss: "Dismiss",
  retry: "Try again",
  remove: "Remove",
  download: "Download",
  open: "Open",
  details: "Details",
  look: "Have a look",
  menu: "Menu",
  you: "You",
  today: "Today",
  yesterday: "Yesterday",
  conversation: "Conversation",
  earlier: "Loading earlier messages",
  newMessages: (count) => plural(count, "1 new message", "# new messages"),
  typing: (names) => (names.length === 1 ? `${names[0] ?? ""} is typing` : "Several people are typing"),
  sendingFile: (name) => `${name} is sending a file`,
  said: (name, body) => `${name}: ${body}`,
  sentFile: (name, file) => `${name} sent a file: ${file}`,
  read: "Read",
  sending: "Sending",
  waiting: "Waiting for the connection",
  notSent: "Not sent",
  discard: "Discard",
  edited: "edited",
  removedMessage: "Message removed",
  removedMessages: (count) => plural(count, "Message removed", "# messages removed"),
  removedFile: "File removed",
  pages: (count) => plural(count, "1 page", "# pages"),
  play: (file) => `Play ${file}`,
  pause: "Pause",
  position: "Position",
  view: (file) => `Open ${file}`,
  noPreview: "There is no preview of this file.",
  write: "Write a message",
  writeMessage: "Message",
  send: "Send",
  attach: "Attach files",
  attachment: (file) => `Attached: ${file}`,
  removeFile: (file) => `Remove ${file}`,
  describe: "Add a description",
  describeFor: (file) => `Description of ${file}`,
  describeHint: "What does the picture show?",
  dropToSend: "Drop to send",
  dropHint: (words, size) => `${words}, up to ${size}`,
  fileChecking: "Checking that it is safe",
  fileQueued: "Waiting for its turn",
  fileUploading: (percent) => `Sending, ${percent}`,
  fileSpeed: (rate) => `${rate} a second`,
  filePaused: "Paused. Continues when you are back online.",
  fileHeld: "A colleague is having a look at this file.",
  fileSending: "Almost there",
  fileFailed: "The file could not be sent.",
  fileRefused: "This file was not accepted.",
  fileRefusedAdvice: "Please send it in another form.",
  fileRefusedOther: "A file was not accepted.",
  fileHeldOther: "A file waits for somebody to have a look at it.",
  fileRecalled: "This file was taken back after it was looked at again.",
  chooseAnother: "Choose another",
  cancelUpload: (file) => `Cancel sending ${file}`,
  uploadState: (file, state) => `${file}: ${state}`,
  refused: (file) => `${file} was not sent`,
  offline: "No connection. What you write is sent when it is back.",
  offlineWaiting: (count) =>
    plural(count, "No connection. 1 message is waiting to be sent.", "No connection. # messages are waiting to be sent."),
  reconnecting: "Connecting again",
  tryNow: "Try now",
  blocked: "You can read this conversation, but no longer write in it.",
  gallery: "Files of this conversation",
  previous: "Previous file",
  next: "Next file",
  ofTotal: (place, total) => `${place} of ${total}`,
  confirmDelete: "Delete this message?",
  confirmDeleteText: "It disappears for everybody in this conversation.",
  confirmDeleteFile: (file) => `${file} is deleted for everybody, and cannot be brought back.`,
  delete: "Delete",
  reveal: "Reveal",
  blurred: (file) => `${file} is blurred: it may be unpleasant to see. Reveal it`,
  flags: { card_number: "Card number", iban: "IBAN", secret: "Secret" },
  flagsOf: (file) => `What ${file} may hold`,
  fileAsks: (flags) => `This file may hold ${listed(flags.map((flag) => HELD[flag] ?? flag))}. Send it anyway?`,
  sendAnyway: "Send anyway",
  doNotSend: "Do not send",
  shielded: "This file is covered until you choose to see it.",
  errors: {
    0: "There is no connection. Please try again in a moment.",
    20429: "That was a little fast. Please wait a moment.",
    50107: "You cannot do this in this conversation.",
    50504: "This message is too long. Please send it in parts.",
  },
  notices: {
    FileEmpty: ({ fileName }) => `${fileName} is empty. Please check it and choose it again.`,
    FileTooLarge: ({ fileName, size }) => `${fileName} is larger than ${size}. Please send a smaller copy.`,
    FileTypeNotAccepted: ({ fileName, words }) => `${fileName} is of a type we cannot take. You can send: ${words}.`,
    FileStopped: ({ fileName }) => `${fileName} was not sent: a rule of this site does not allow it.`,
    FileNotChecked: ({ fileName }) => `${fileName} could not be checked, so it was not sent. Please try again in a few minutes.`,
    MessageStopped: () => "Your message was not sent: a rule of this site does not allow it.",
    ActionFailed: ({ message }) => String(message),
  },
};
