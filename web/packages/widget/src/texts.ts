// The widget's own sentences.

export interface WidgetTexts {
  openChat: string;
  openChatUnread: (count: number) => string;
  chat: (team: string) => string;
  replies: (minutes: number | null) => string;
  hello: string;
  name: string;
  email: string;
  optional: string;
  emailWhy: string;
  begin: string;
  beginning: string;
  privacy: string;
  noConnection: string;
  noConnectionText: string;
  couldNotStart: string;
  ended: string;
  startNew: string;
  startNewConfirm: string;
  startNewText: string;
  transcript: string;
  transcriptShort: string;
  transcriptTitle: (team: string) => string;
  dark: string;
  light: string;
  end: string;
  loading: string;
}

export const english: WidgetTexts = {
  openChat: "Open chat",
  openChatUnread: (count) => (count === 1 ? "Open chat, 1 unread message" : `Open chat, ${count} unread messages`),
  chat: (team) => `Chat with ${team}`,
  replies: (minutes) => {
    if (minutes === null) return "We reply as soon as we can";
    if (minutes <= 1) return "Usually replies within a minute";
    if (minutes <= 10) return "Usually replies in a few minutes";
    if (minutes < 60) return `Usually replies in about ${Math.round(minutes / 5) * 5} minutes`;
    return minutes < 120 ? "Usually replies within an hour or two" : "Usually replies within a day";
  },
  hello: "Hello! How can we help?",
  name: "Your name",
  email: "E-mail",
  optional: "optional",
  emailWhy: "So that we can answer if you have to leave.",
  begin: "Start the chat",
  beginning: "One moment",
  privacy: "Files you send are checked before anybody opens them.",
  noConnection: "No connection",
  noConnectionText: "We try again by ourselves. What you wrote is not lost.",
  couldNotStart: "The chat could not be started. Please try again.",
  ended: "This chat has ended",
  startNew: "Start a new one",
  startNewConfirm: "Start a new chat?",
  startNewText: "You leave this conversation. Download the transcript first if you want to keep it.",
  transcript: "Download the transcript",
  transcriptShort: "Transcript",
  transcriptTitle: (team) => `Chat with ${team}`,
  dark: "Dark colours",
  light: "Light colours",
  end: "Start a new chat",
  loading: "Loading",
};
