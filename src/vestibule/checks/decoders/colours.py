"""Colours: whatever a picture's are, they become plain sRGB, so that no profile has to be kept."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
WHITE = (255, 255, 255)


def plain(image: Image.Image) -> Image.Image:
    """The picture as `L`, `RGB` or `RGBA` in sRGB, with no transparency that is not used."""
    profile = image.info.get("icc_profile")
    image = _eight_bits(image)
    converted = _by_profile(image, profile) if profile else None
    if converted is None:
        converted = image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")
    return without_idle_alpha(converted)


def without_idle_alpha(image: Image.Image) -> Image.Image:
    """The same picture without its alpha channel, if all of it is opaque."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image


def opaque(image: Image.Image) -> Image.Image:
    """The picture on white paper, for formats that know no transparency."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, WHITE)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _eight_bits(image: Image.Image) -> Image.Image:
    """A mode that profiles can be applied to: L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.point(lambda value: value * (1 / 257)).convert("L")  # 65535 becomes 255
    if image.mode in ("LA", "La", "PA", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image.convert("RGB") if image.mode in ("P", "YCbCr", "HSV") else image


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Through the picture's own ICC profile; None where that is broken or not for such a picture."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "RGB" and "sRGB" in ImageCms.getProfileDescription(own):
            return image  # most cameras; it saves a fifth of a second
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, own, SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
