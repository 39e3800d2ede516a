"""What the house let in once, it lets in again: looking anew takes no good file back; today's bans do."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest_asyncio

from tests.checks.test_bans import cropped, photo, worse
from tests.files import gif_animated, heic, jpeg_with_gps, mov, mp4, ogg, pdf, png_with_text, wav, webp
from tests.files.archives import packed
from tests.files.office import sheet, word
from tests.files.pictures import save
from tests.media.conftest import bytes_of
from vestibule.app import House, open_house
from vestibule.config import Settings
from vestibule.models import Media
from vestibule.payloads import AddBan, AttachFile, ImportBans, NewBan, RecheckMedia

TABLE = "name;amount\nÄpfel;=1+2\n".encode("cp1252")
GOOD: dict[str, Callable[[], bytes]] = {
    "photo.jpg": jpeg_with_gps,
    "phone.heic": heic,
    "shot.png": png_with_text,
    "dance.gif": gif_animated,
    "small.webp": webp,
    "paper.pdf": lambda: pdf(2),
    "film.mp4": mp4,
    "phone.mov": mov,
    "voice.ogg": ogg,
    "tone.wav": wav,
    "letter.docx": word,
    "sums.xlsx": sheet,
    "all.zip": lambda: packed({"a.txt": b"words", "b.pdf": pdf(1)}),
    "table.csv": lambda: TABLE,
    "notes.txt": lambda: "Grüße\r\n".encode("utf-16"),
}


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(Settings(data=str(tmp_path / "data"), verdict_patience=60.0)) as house:
        yield house


async def received(house: House, name: str, content: bytes) -> Media:
    media = await house.context().invoke(AttachFile(name, "", bytes_of(content, 65536)))
    assert media.state == "clean", (name, media.reason)
    return media


async def test_no_good_file_is_taken_back(house: House) -> None:
    await house.context().invoke(AddBan(sha256="0" * 64, perceptual="0f" * 32))
    for name, make in GOOD.items():
        media = await received(house, name, make())
        done = await house.context().invoke(RecheckMedia(media.sid))
        assert (name, done.outcome, done.verdicts) == (name, "clean", [])
    kept = [key async for key in house.parts.storage.list("quarantine/")]
    assert {key.rpartition("/")[2] for key in kept} <= {"original"}  # as the policy wants it


async def test_a_zip_with_a_banned_file_in_it_is_taken_back(house: House) -> None:
    media = await received(house, "all.zip", GOOD["all.zip"]())
    await house.context().invoke(AddBan(sha256=hashlib.sha256(b"words").hexdigest()))
    done = await house.context().invoke(RecheckMedia(media.sid))
    assert (done.outcome, done.verdicts[0].check) == ("recalled", "member_bans")


async def test_a_rebuilt_file_is_found_by_the_bytes_it_came_in(house: House) -> None:
    content = jpeg_with_gps()
    media = await received(house, "photo.jpg", content)
    await house.context().invoke(AddBan(sha256=hashlib.sha256(content).hexdigest()))
    done = await house.context().invoke(RecheckMedia(media.sid))
    assert (done.outcome, done.verdicts[0].check) == ("recalled", "bans")


async def test_what_looks_like_a_banned_picture_is_closed_until_somebody_has_looked(house: House) -> None:
    """Also one of an imported list: looks alone refuse nothing."""
    known = await received(house, "known.jpg", save(photo(), "JPEG"))
    copy = await received(house, "copy.png", save(cropped(worse(photo(), 60), 0.005), "PNG"))
    bans = await house.context().invoke(AddBan(media_sid=known.sid))
    bits = next(ban.value for ban in bans if ban.kind == "perceptual")
    await house.context().invoke(ImportBans("partner", (NewBan(kind="perceptual", value=bits),)))
    done = await house.context().invoke(RecheckMedia(copy.sid))
    assert (done.outcome, done.media.state, done.verdicts[0].check) == ("held", "held", "likeness")
