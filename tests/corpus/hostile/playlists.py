"""Recordings that make a player fetch something: from the server's own disk, or from its network."""

from __future__ import annotations

import struct

from tests.corpus.specimens import Maker, Specimen, always, disarm, refuse
from tests.files import mov, mp4

HLS = b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nhttp://198.51.100.7/latest/meta-data/\n#EXT-X-ENDLIST\n"
CONCATENATED = (
    b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nconcat:http://198.51.100.7/a|file:///etc/passwd\n"
)
LIST = b"ffconcat version 1.0\nfile '/etc/passwd'\nfile 'http://198.51.100.7/a'\n"
SDP = (
    b"v=0\no=- 0 0 IN IP4 198.51.100.7\ns=a\nc=IN IP4 198.51.100.7\nt=0 0\n"
    b"m=video 4711 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
)
DASH = b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><Period><BaseURL>http://198.51.100.7/</BaseURL></Period></MPD>"
ASX = b"<asx version='3.0'><entry><ref href='http://198.51.100.7/a'/></entry></asx>"
PLS = b"[playlist]\nFile1=http://198.51.100.7/a.mp3\nNumberOfEntries=1\n"
SMIL = b"<smil><body><video src='file:///etc/passwd'/></body></smil>"
CUE = b'FILE "/etc/passwd" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n'
IMAGES = b"imf://198.51.100.7/%03d.png\n"
XML_FORMAT = b"<?xml version='1.0'?><playlist xmlns='http://xspf.org/ns/0/'><trackList><track><location>file:///etc/passwd</location></track></trackList></playlist>"
ADDRESS = b"http://198.51.100.7/BOOM-4711"

PLAIN: list[tuple[str, str, bytes]] = [
    ("a playlist called a film", "clip.mp4", HLS),
    ("a playlist called a film of a phone", "clip.mov", HLS),
    ("a playlist called a film of a browser", "clip.webm", HLS),
    ("a playlist called a song", "song.mp3", HLS),
    ("a playlist called a voice", "voice.ogg", HLS),
    ("a playlist called a recording", "memo.wav", HLS),
    ("a playlist that joins, called a film", "clip2.mp4", CONCATENATED),
    ("a playlist behind a byte order mark", "clip3.mp4", b"\xef\xbb\xbf" + HLS),
    ("a list of files called a film", "clip4.mp4", LIST),
    ("a list of files called a song", "song2.mp3", LIST),
    ("a list of files called a recording", "memo2.wav", LIST),
    ("a session called a film", "clip5.mp4", SDP),
    ("a session called a song", "song3.mp3", SDP),
    ("a description of pieces called a film", "clip6.mp4", DASH),
    ("a list of Windows called a song", "song4.mp3", ASX),
    ("a list of a radio called a song", "song5.mp3", PLS),
    ("a presentation called a film", "clip7.mov", SMIL),
    ("a sheet of a disc called a recording", "memo3.wav", CUE),
    ("a pattern of pictures called a film", "clip8.webm", IMAGES),
    ("a list in XML called a voice", "voice2.ogg", XML_FORMAT),
]


def elsewhere(film: bytes) -> bytes:
    """Its samples are said to be at an address: not in this file."""
    at = film.index(b"url \0\0\0\1")
    entry = b"url \0\0\0\0" + ADDRESS + b"\0"
    return _grown(film, at - 4, struct.pack(">I", len(entry) + 4) + entry, 12)


def alias() -> bytes:
    """As QuickTime names another file."""
    film = mov()
    at = film.index(b"url \0\0\0\1")
    name = b"/etc/passwd"
    body = struct.pack(">IHHB", 0, 150, 2, 0) + b"BOOM-4711".ljust(27, b"\0") + bytes(112)
    entry = b"alis\0\0\0\0" + body + struct.pack(">hH", 2, len(name)) + name + b"\0\xff\xff\0\0"
    return _grown(film, at - 4, struct.pack(">I", len(entry) + 4) + entry, 12)


def reference() -> bytes:
    """A film that is only an address, as QuickTime made them."""
    data = b"rdrf" + struct.pack(">I4sI", 0, b"url ", len(ADDRESS) + 1) + ADDRESS + b"\0"
    inner = struct.pack(">I", len(data) + 4) + data
    for name in (b"rmda", b"rmra", b"moov"):
        inner = struct.pack(">I", len(inner) + 8) + name + inner
    return b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + inner


def behind_a_signature(text: bytes) -> Maker:
    """A list in which a film's signature stands first."""
    return always(b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + text)


def _grown(film: bytes, at: int, entry: bytes, old: int) -> bytes:
    """The film with the boxes around `at` made larger; its index stands at its end, so nothing else moves."""
    whole = bytearray(film)
    more = len(entry) - old
    for name in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        place = whole.rindex(name, 0, at) - 4
        whole[place : place + 4] = (int.from_bytes(whole[place : place + 4], "big") + more).to_bytes(4, "big")
    return bytes(whole[:at]) + entry + bytes(whole[at + old :])


PLAYLISTS: tuple[Specimen, ...] = (
    *(refuse("playlist", what, name, always(content)) for what, name, content in PLAIN),
    refuse("playlist", "a playlist behind a signature", "clip9.mp4", behind_a_signature(HLS)),
    refuse("playlist", "a list of files behind a signature", "clip10.mp4", behind_a_signature(LIST)),
    refuse(
        "playlist",
        "a playlist behind a song's signature",
        "song6.mp3",
        always(b"ID3\3\0\0\0\0\0\0" + HLS * 30),
    ),
    refuse("playlist", "a film that is an address", "clip11.mov", reference),
    disarm("playlist", "a film whose samples are elsewhere", "clip12.mp4", lambda: elsewhere(mp4()), ADDRESS),
    disarm(
        "playlist",
        "a phone's film whose samples are elsewhere",
        "clip13.mov",
        lambda: elsewhere(mov()),
        ADDRESS,
    ),
    disarm(
        "playlist", "a film whose samples are in another file", "clip14.mov", alias, b"passwd", b"BOOM-4711"
    ),
)
