"""Files: received once, judged, copied, linked, erased. Their bytes are in storage, under their sids."""

from __future__ import annotations

from vestibule.actions import Actions
from vestibule.context import ANYBODY, HOUSE, SOMEWHERE
from vestibule.links import Links
from vestibule.media import judged, removal, renditions, settlement, timeline
from vestibule.media.gate import Gate
from vestibule.media.intake import Intake
from vestibule.media.records import READERS
from vestibule.media.renditions import Renditions
from vestibule.media.reviews import Reviews
from vestibule.media.verdicts import Judge
from vestibule.media.votes import Votes


def media_actions(gate: Gate, judge: Judge, links: Links) -> Actions:
    """The table of every action of this room."""
    table = Actions()
    table.define("AttachFile", permission=("sendMediaMessage", SOMEWHERE))(Intake(gate, judge).attach)
    table.define("SettleMedia", permission=HOUSE, asks_inside=True)(settlement.settle_media)
    table.define("CastVote", permission=ANYBODY)(Votes(judge).cast)
    table.define("EraseMedia", permission=HOUSE)(removal.erase_media)
    table.define("RemoveMedia", permission=READERS, asks_inside=True)(removal.remove_media)
    table.define("DownloadMedia", permission=READERS, asks_inside=True)(Renditions(links).download)
    table.define("ReadMedia", permission=READERS, asks_inside=True)(renditions.read_media)
    table.define("FetchMedia", permission=READERS, asks_inside=True)(renditions.fetch_media)
    table.define("FindMedia", permission=ANYBODY, asks_inside=True)(renditions.find_media)
    table.define("FetchTimeline", permission=ANYBODY, asks_inside=True)(timeline.fetch_timeline)
    table.define("ReviewMedia", permission="reviewMedia", asks_inside=True)(Reviews(judge).review)
    table.define("ListJudged", permission=HOUSE, asks_inside=True)(judged.list_judged)
    return table
