"""Sending files as people do: dropped, pasted, many at once, over a bad line."""

from __future__ import annotations

import base64

from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import NewAgent, NewCustomer
from tests.browser.people import CUT_OFF, Customer, Watch, a_file
from tests.files import jpeg_with_gps, pdf
from tests.servers import Server

PHOTO = a_file("garden.jpg", "image/jpeg", jpeg_with_gps())
PAPER = a_file("invoice.pdf", "application/pdf", pdf(2))
LARGE = a_file("large.txt", "text/plain", b"A line of a long text.\n" * 80_000)  # 1.8 MB
SLOW = 150_000  # bytes a second: twelve seconds for the large one


def test_a_file_is_dropped_and_another_pasted(new_customer: NewCustomer, new_agent: NewAgent) -> None:
    lea, grace = new_customer(), new_agent()
    lea.start_chat("Lea")
    grace.accept("Lea")
    hand_over(lea.conversation, "drop", PHOTO)
    hand_over(lea.composer, "paste", PAPER)
    expect(lea.place.get_by_role("listitem", name="Attached: garden.jpg")).to_be_visible()
    expect(lea.place.get_by_role("listitem", name="Attached: invoice.pdf")).to_be_visible()
    lea.place.get_by_role("button", name="Send", exact=True).click()
    grace.sees_picture(grace.file("Open", "garden.jpg"))
    grace.sees_picture(grace.file("Open", "invoice.pdf"))


def test_a_chosen_file_can_be_removed_before_it_is_sent(new_customer: NewCustomer) -> None:
    mia = new_customer()
    mia.start_chat("Mia")
    mia.choose(PHOTO, PAPER)
    mia.place.get_by_role("button", name="Remove garden.jpg").click()
    mia.place.get_by_role("button", name="Send", exact=True).click()
    mia.sees_picture(mia.file("Open", "invoice.pdf"))
    expect(mia.file("Open", "garden.jpg")).to_have_count(0)


def test_a_file_that_cannot_pass_is_told_before_it_is_sent(new_customer: NewCustomer) -> None:
    nora = new_customer()
    nora.start_chat("Nora")
    nora.choose(a_file("setup.exe", "application/x-msdownload", b"MZ"))
    expect(nora.page.get_by_text("setup.exe is of a type we cannot take.").first).to_be_visible()
    nora.choose(a_file("empty.pdf", "application/pdf", b""))
    expect(nora.page.get_by_text("empty.pdf is empty.").first).to_be_visible()


def test_an_upload_is_cancelled_and_leaves_nothing(server: Server, new_customer: NewCustomer) -> None:
    olga = new_customer()
    olga.start_chat("Olga")
    Line(olga).become(rate=SLOW)
    before = files_of(server)
    olga.send(LARGE)
    olga.place.get_by_role("button", name="Cancel sending large.txt").click()
    expect(olga.conversation.get_by_text("large.txt")).to_have_count(0)
    olga.say("Never mind")
    olga.sees("Never mind")
    assert files_of(server) == before


def test_an_upload_begins_again_when_the_server_is_back(
    server: Server, watch: Watch, new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    watch.expected |= CUT_OFF
    paula, grace = new_customer(), new_agent()
    paula.start_chat("Paula")
    grace.accept("Paula")
    line = Line(paula)
    line.become(rate=SLOW)
    paula.send(LARGE)
    expect(paula.conversation.get_by_text("Sending,")).to_be_visible()
    server.kill()
    expect(paula.conversation.get_by_text("Paused. Continues when you are back online.")).to_be_visible()
    line.become()
    server.start()
    for person in (paula, grace):
        expect(person.file("Download", "large.txt")).to_have_count(1)
        person.sees("large.txt")


class Line:
    """What a customer's browser is connected by."""

    def __init__(self, customer: Customer) -> None:
        self._session = customer.page.context.new_cdp_session(customer.page)

    def become(self, *, rate: int = -1, is_cut: bool = False) -> None:
        """Carry so many bytes a second upwards (-1: all there are), or nothing at all."""
        there = {"offline": is_cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate}
        self._session.send("Network.emulateNetworkConditions", there)


def hand_over(target: Locator, how: str, file: FilePayload) -> None:
    """Drop or paste a file onto something, with the events that a browser sends."""
    content = base64.b64encode(file["buffer"]).decode()
    target.evaluate(HAND_OVER, {**file, "buffer": content, "how": how})


HAND_OVER = """async (target, { how, name, mimeType, buffer }) => {
  const bytes = Uint8Array.from(atob(buffer), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: mimeType }));
  const carried = { dataTransfer: data, clipboardData: data };
  const options = { bubbles: true, composed: true, cancelable: true, ...carried };
  const kinds = how === "paste" ? ["paste"] : ["dragenter", "dragover", "drop"];
  const Kind = how === "paste" ? ClipboardEvent : DragEvent;
  for (const kind of kinds) target.dispatchEvent(new Kind(kind, options));
}"""


def files_of(server: Server) -> list[str]:
    return sorted(str(path) for path in (server.data / "files").rglob("*") if path.is_file())
