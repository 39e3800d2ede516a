"""Agents: to whom a task can go."""

from __future__ import annotations

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.payloads import ListAgents

routes = Routes()


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """A user who may accept tasks."""

    identity: str
    friendly_name: str
    is_online: bool


class AgentsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every agent."""

    agents: list[Agent]


@routes.get("/v1/agents")
async def list_agents(call: Call) -> AgentsAnswer:
    """The users who may accept tasks."""
    users = await call.ctx.invoke(ListAgents())
    is_online = call.front.is_online
    agents = [
        Agent(identity=user.identity, friendly_name=user.friendly_name, is_online=is_online(user.identity))
        for user in users
    ]
    return AgentsAnswer(agents=agents)
