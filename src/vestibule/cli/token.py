"""The command `token`: lets somebody in whom another system has let in."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from vestibule.app import House
from vestibule.cli.options import Data, File
from vestibule.cli.running import in_house, settings_of
from vestibule.tokens import LIFETIME


def token(
    identity: str,
    *,
    lifetime: Annotated[float, Parameter(help="Seconds that it is good for.")] = LIFETIME,
    data: Data = None,
    config: File = None,
) -> None:
    """Print an AccessToken for an identity."""

    async def mint(house: House) -> str:
        return house.tokens.mint(identity, house.service.sid, lifetime=lifetime)[0]

    print(in_house(settings_of(config, data=data), mint))
