"""A bot that an agent lets speak: it writes the opening hours into the chat, under its own name.

Try it: `OPENING_HOURS="9 to 5" vestibule serve --extension examples/functions/opening_hours.py`
"""

import os

from vestibule.context import Context
from vestibule.functions import Answer, Functions
from vestibule.payloads import SendMessage

functions = Functions()

BOT = "opening-hours"


@functions.post("/opening-hours")
async def opening_hours(ChannelSid: str, ctx: Context) -> Answer:
    """Post them as the bot. For agents: `as_system` would do it for anybody, so the function asks itself."""
    await ctx.within(("acceptTask",), ChannelSid).require()
    hours = os.environ.get("OPENING_HOURS")
    if not hours:
        return Answer({"message": "OPENING_HOURS is not set."}, 409)
    message = await ctx.as_system().invoke(SendMessage(ChannelSid, hours, author=BOT))
    return Answer({"sid": message.sid, "index": message.index}, 201)
