"""The guide's `block-user`: a button at the desk takes a customer's right to write and send.

Try it: `vestibule serve --extension examples/functions/block_user.py`. A plugin calls it as it called its
Twilio Function, at `/functions/block-user` instead of `https://YOUR_DOMAIN.twil.io/block-user`.
"""

from vestibule.context import Context
from vestibule.functions import Functions
from vestibule.payloads import UpdateMember

functions = Functions()

BLOCKED = "blockedUser"  # every service begins with this role; a role's sid will do too


@functions.post("/block-user")
async def block_user(chatChannelSid: str, memberSid: str, ctx: Context) -> str:
    """Give a member the blockedUser role. Runs as the agent who pressed the button, with their rights."""
    member = await ctx.invoke(UpdateMember(chatChannelSid, memberSid, role=BLOCKED))
    return member.sid
