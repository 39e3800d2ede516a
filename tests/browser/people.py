"""The people in front of the pages. They find things as people do: by what they are and say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Download,
    FilePayload,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

PATIENCE = 10_000  # ms
expect.set_options(timeout=PATIENCE)

# A page tells of what its policy kept from loading only by an event.
TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
# The browser writes these itself when the server says no, or is away: a page cannot keep it from doing so.
OF_THE_BROWSER = re.compile("Failed to load resource|WebSocket connection to")
CUT_OFF = {"net::ERR_", "WebSocket"}


@dataclass
class Watch:
    """What pages said that nobody should hear. `expected`: what the browser may say in this test."""

    complaints: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not self._is_expected(message.text):
            self.complaints.append(f"{message.text} {message.location}")

    def _is_expected(self, text: str) -> bool:
        return bool(OF_THE_BROWSER.match(text)) and any(one in text for one in self.expected)


def watched(context: BrowserContext, watch: Watch) -> Page:
    """A page of the context."""
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TELL_OF_VIOLATIONS)
    context.on("console", watch.hear)
    context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
    return context.new_page()


def a_file(name: str, content_type: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": content_type, "buffer": content}


class Person:
    """Somebody in a conversation."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.links: set[str] = set()  # to files, as the page asked for them
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if "/files/" in request.url:
            self.links.add(request.url)

    @property
    def place(self) -> Locator:
        """Where the conversation is on the page."""
        raise NotImplementedError

    @property
    def conversation(self) -> Locator:
        return self.place.get_by_role("log", name="Conversation")

    @property
    def composer(self) -> Locator:
        return self.place.get_by_role("textbox", name="Message")

    def say(self, words: str) -> None:
        self.composer.fill(words)
        self.composer.press("Enter")

    def choose(self, *files: FilePayload) -> None:
        """Pick files, as with the paper clip."""
        with self.page.expect_file_chooser() as choosing:
            self.place.get_by_role("button", name="Attach files").click()
        choosing.value.set_files(list(files))

    def send(self, *files: FilePayload) -> None:
        self.choose(*files)
        self.place.get_by_role("button", name="Send", exact=True).click()

    def sees(self, words: str | re.Pattern[str], times: int = 1) -> None:
        """The words stand in the conversation, so many times."""
        expect(self.conversation.get_by_text(words)).to_have_count(times)
        if times == 1:
            expect(self.conversation.get_by_text(words)).to_be_visible()

    def sees_in_order(self, *words: str) -> None:
        """Each once, one below the other."""
        for one in words:
            self.sees(one)
        places = [self.conversation.get_by_text(one).bounding_box() for one in words]
        tops = [place["y"] for place in places if place]
        assert tops == sorted(tops), dict(zip(words, tops, strict=True))

    def file(self, verb: str, name: str) -> Locator:
        """The button that opens, plays or downloads a file; what it says may go on, as with its length."""
        says = re.compile(rf"^{re.escape(f'{verb} {name}')}(,|$)")
        return self.conversation.get_by_role("button", name=says)

    def sees_picture(self, button: Locator) -> None:
        """The picture in it is there, not only its frame."""
        shows(button.get_by_role("img", include_hidden=True).or_(button.locator("img")).first)

    def open_large(self, name: str) -> Locator:
        """Open a picture or a paper over the page; gives what came up."""
        self.file("Open", name).click()
        gallery = self.page.get_by_role("dialog", name="Files of this conversation")
        shows(gallery.locator("img"))
        return gallery

    def download(self, button: Locator) -> Download:
        with self.page.expect_download() as downloading:
            button.click()
        return downloading.value

    def play_to(self, name: str, second: float) -> dict[str, float]:
        """Start a video, go far ahead, and watch on a little."""
        self.file("Play", name).click()
        return dict(self.conversation.locator("video").evaluate(WATCH_FROM, second))


class Customer(Person):
    """Somebody with the widget on a site's page."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.chat: dict[str, Any] = {}

    @property
    def place(self) -> Locator:
        return self.page.get_by_role("dialog", name=re.compile("^Chat with"))

    def open(self) -> None:
        self.page.goto("/")
        self.launcher.click()
        expect(self.place).to_be_visible()

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^Open chat"))

    def reopen(self) -> None:
        """After a reload: the widget is open as it was, or is opened."""
        expect(self.place.or_(self.launcher).first).to_be_visible()
        if not self.place.is_visible():
            self.launcher.click()
        expect(self.composer).to_be_visible()

    def second_tab(self) -> Customer:
        """The same browser, with the page once more."""
        tab = Customer(self.page.context.new_page())
        tab.page.goto("/")
        tab.chat = self.chat
        tab.reopen()
        return tab

    def start_chat(self, name: str = "Ada") -> None:
        self.open()
        self.place.get_by_label("Your name").fill(name)
        with self.page.expect_response(is_new_chat) as answer:
            self.place.get_by_role("button", name="Start the chat").click()
        self.chat = answer.value.json()
        expect(self.composer).to_be_visible()


class Agent(Person):
    """Somebody at the desk."""

    @property
    def place(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def chats(self) -> Locator:
        """The list: beside the conversation, or on a phone the page itself."""
        return self.page.get_by_label("Chats", exact=True)

    def sign_in(self, name: str, password: str) -> None:
        self.page.goto("/desk")
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.chats).to_be_visible()

    def accept(self, name: str) -> None:
        """Open the chat of somebody who waits, and take it."""
        waiting = self.chats.get_by_role("region", name="Waiting")
        waiting.get_by_role("button", name=re.compile(rf"^{re.escape(name)}(?!\w)")).click()
        self.place.get_by_role("button", name="Accept", exact=True).click()
        expect(self.composer).to_be_visible()

    def delete(self, part: Locator) -> None:
        """Delete the message that `part` belongs to."""
        part.scroll_into_view_if_needed()
        part.hover()
        row = part.locator("xpath=ancestor::*[.//button[@aria-label='Delete']][1]")
        row.get_by_role("button", name="Delete", exact=True).click()
        self.confirm(re.compile("^Delete this"), "Delete")

    def block(self, name: str) -> None:
        self.page.get_by_role("button", name="Block", exact=True).click()
        self.confirm(f"Block {name}?", "Block")

    def wrap_up(self, name: str) -> None:
        self.place.get_by_role("button", name="Wrap up", exact=True).click()
        self.confirm(f"End the chat with {name}?", "Wrap up")

    def complete(self) -> None:
        """Offered above the conversation and below it."""
        self.place.get_by_role("button", name="Complete", exact=True).last.click()

    def confirm(self, question: str | re.Pattern[str], answer: str) -> None:
        dialog = self.page.get_by_role("dialog", name=question)
        dialog.get_by_role("button", name=answer, exact=True).click()
        expect(dialog).to_have_count(0)


# In the page: once the film is there, jump, and tell where one came to and where one is a little later.
WATCH_FROM = """async (video, second) => {
  const told = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener("error", () => reject(new Error(video.error?.message)), { once: true });
  });
  video.muted = true;
  if (video.readyState < 1) await told("loadedmetadata");
  const seeked = told("seeked");
  video.currentTime = second;
  await seeked;
  const reached = video.currentTime;
  await video.play();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { duration: video.duration, reached, later: video.currentTime };
}"""


def shows(image: Locator) -> None:
    """The picture was loaded and decoded."""
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0


def content_of(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def is_new_chat(answer: Response) -> bool:
    return answer.url.endswith("/v1/chats") and answer.request.method == "POST"
