"""Files: received once, judged, copied, linked, erased. Their bytes are in storage, under their sids."""

from __future__ import annotations

from vestibule.actions import Actions
from vestibule.context import ANYBODY, HOUSE, SOMEWHERE
from vestibule.links import Links
from vestibule.media import bans, judged, recalls, removal, renditions, settlement, timeline
from vestibule.media.bans import Bans
from vestibule.media.gate import Gate
from vestibule.media.intake import Intake
from vestibule.media.openings import Openings
from vestibule.media.rechecks import Rechecks
from vestibule.media.records import READERS
from vestibule.media.renditions import Renditions
from vestibule.media.reviews import Reviews
from vestibule.media.verdicts import Judge
from vestibule.media.votes import Votes


def media_actions(gate: Gate, judge: Judge, links: Links) -> Actions:
    """The table of every action of this room."""
    table = Actions()
    opened = Openings()
    download = opened.minting(Renditions(links).download)
    read = opened.reading(renditions.read_media)
    table.define("AttachFile", permission=("sendMediaMessage", SOMEWHERE))(Intake(gate, judge).attach)
    table.define("SettleMedia", permission=HOUSE, asks_inside=True)(settlement.settle_media)
    table.define("CastVote", permission=ANYBODY)(Votes(judge).cast)
    table.define("EraseMedia", permission=HOUSE)(removal.erase_media)
    table.define("RemoveMedia", permission=READERS, asks_inside=True)(removal.remove_media)
    table.define("DownloadMedia", permission=READERS, asks_inside=True)(download)
    table.define("ReadMedia", permission=READERS, asks_inside=True)(read)
    table.define("FetchMedia", permission=READERS, asks_inside=True)(renditions.fetch_media)
    table.define("FindMedia", permission=ANYBODY, asks_inside=True)(renditions.find_media)
    table.define("ListMedia", permission=HOUSE, asks_inside=True)(renditions.list_media)
    table.define("FetchTimeline", permission=ANYBODY, asks_inside=True)(timeline.fetch_timeline)
    table.define("ReviewMedia", permission="reviewMedia", asks_inside=True)(Reviews(judge).review)
    table.define("ListJudged", permission=HOUSE, asks_inside=True)(judged.list_judged)
    table.include(_recall_actions(gate))
    return table


def _recall_actions(gate: Gate) -> Actions:
    """What was let in and is not wanted any more."""
    table, banning, rechecks = Actions(), Bans(gate), Rechecks(gate)
    table.define("AddBan", permission="reviewMedia")(banning.add)
    table.define("RemoveBan", permission="reviewMedia", asks_inside=True)(bans.remove_ban)
    table.define("ListBans", permission="reviewMedia", asks_inside=True)(bans.list_bans)
    table.define("ImportBans", permission=HOUSE)(bans.import_bans)
    table.define("RecallMedia", permission="reviewMedia", asks_inside=True)(recalls.recall_media)
    table.define("RestoreMedia", permission="reviewMedia", asks_inside=True)(recalls.restore_media)
    table.define("BeginRecheck", permission=HOUSE, asks_inside=True)(rechecks.begin)
    table.define("ListRecheck", permission=HOUSE, asks_inside=True)(rechecks.page)
    table.define("RecheckMedia", permission=HOUSE)(rechecks.recheck)
    table.define("EndRecheck", permission=HOUSE, asks_inside=True)(rechecks.end)
    return table
