// Which chat is shown stands in the address, so that a reload, and a phone's back button, do as one expects.

const CHAT = /^#(CH[0-9a-f]{32})$/;

export function chatInAddress(): string | null {
  return CHAT.exec(location.hash)?.[1] ?? null;
}

export function putInAddress(channelSid: string | null): void {
  const now = chatInAddress();
  if (now === channelSid) return;
  if (channelSid === null) {
    if ((history.state as { isOurs?: boolean } | null)?.isOurs) history.back();
    else history.replaceState(null, "", location.pathname + location.search);
  } else if (now === null) history.pushState({ isOurs: true }, "", `#${channelSid}`);
  else history.replaceState(history.state, "", `#${channelSid}`);
}
