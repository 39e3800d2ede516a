"""Tasks: a channel's claim on an agent. pending -> accepted -> wrapping -> completed."""

from __future__ import annotations

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import channels, members, services, users
from vestibule.chat.permissions import AGENT
from vestibule.context import Context
from vestibule.errors import InvalidRequest, NotFound, PermissionDenied, TaskConflict
from vestibule.events import TaskUpdated
from vestibule.models import Task, TaskList, TaskRow, TaskState, User
from vestibule.payloads import AcceptTask, CompleteTask, ListTasks, TransferTask, WrapupTask
from vestibule.ports import Transaction

actions = Actions()

OFFER = 120.0  # seconds that a task waits for the agent it was offered to, before anybody may take it


def found(tx: Transaction, service_sid: str, task_sid: str) -> Task:
    """A task of this service. Raises `NotFound`."""
    task = tx.one(Task, "task_by_sid", service_sid=service_sid, sid=task_sid)
    if task is None:
        raise NotFound(f"There is no task {task_sid}.")
    return task


def of_channel(tx: Transaction, service_sid: str, channel_sid: str) -> Task | None:
    """The channel's newest task."""
    return tx.one(Task, "task_of_channel", service_sid=service_sid, channel_sid=channel_sid)


def add(
    tx: Transaction, service_sid: str, channel_sid: str, customer: str, customer_name: str, attributes: str
) -> Task:
    """A customer waits: make a pending task, and tell the agents."""
    sid = sids.make(sids.TASK)
    tx.run(
        "add_task",
        sid=sid,
        service_sid=service_sid,
        channel_sid=channel_sid,
        customer=customer,
        customer_name=customer_name,
        attributes=attributes,
    )
    return _tell(tx, service_sid, sid)


def release(tx: Transaction, service_sid: str, agent: str) -> None:
    """The agent is gone: what they held is offered to all, what they wrapped up is done."""
    for task in tx.all(Task, "open_tasks_of_agent", service_sid=service_sid, agent=agent):
        if task.state == "wrapping":
            _move(tx, task, "completed", agent)
        else:
            _move(tx, task, "pending", None)


@actions.define("AcceptTask", permission="acceptTask", asks_inside=True)
async def accept_task(payload: AcceptTask, ctx: Context) -> Task:
    """Take a pending task. Of two who try, one gets it and the other is told so."""

    def change(tx: Transaction) -> Task:
        task = found(tx, ctx.service_sid, payload.task_sid)
        if task.state != "pending" or _is_offered_to_another(tx, task, ctx.identity):
            raise TaskConflict(f"This task is {_said(task)}.")
        accepted = _move(tx, task, "accepted", ctx.identity)
        if members.find(tx, ctx.service_sid, task.channel_sid, ctx.identity) is None:
            role_sid = services.found(tx, ctx.service_sid).default_channel_creator_role_sid
            members.add(tx, ctx.service_sid, task.channel_sid, ctx.identity, role_sid)
        return accepted

    return await ctx.change(change)


@actions.define("TransferTask", permission="transferTask", asks_inside=True)
async def transfer_task(payload: TransferTask, ctx: Context) -> Task:
    """Offer a task to another agent, or back to all."""

    def change(tx: Transaction) -> Task:
        task = _held(tx, ctx, payload.task_sid, "accepted")
        if payload.agent is not None:
            _valid_agent(tx, ctx, payload.agent)
        _leave(tx, task, task.agent or "")
        return _move(tx, task, "pending", payload.agent)

    return await ctx.change(change)


@actions.define("WrapupTask", permission="acceptTask", asks_inside=True)
async def wrapup_task(payload: WrapupTask, ctx: Context) -> Task:
    """End the conversation."""

    def change(tx: Transaction) -> Task:
        task = _held(tx, ctx, payload.task_sid, "accepted")
        channels.end(tx, ctx.service_sid, task.channel_sid)
        return _move(tx, task, "wrapping", task.agent)

    return await ctx.change(change)


@actions.define("CompleteTask", permission="acceptTask", asks_inside=True)
async def complete_task(payload: CompleteTask, ctx: Context) -> Task:
    """Close a task that was wrapped up."""

    def change(tx: Transaction) -> Task:
        task = _held(tx, ctx, payload.task_sid, "wrapping")
        _leave(tx, task, task.agent or "")
        return _move(tx, task, "completed", task.agent)

    return await ctx.change(change)


@actions.define("ListTasks", permission="acceptTask", asks_inside=True)
async def list_tasks(payload: ListTasks, ctx: Context) -> TaskList:
    """The open tasks, each with its channel's last message."""

    def query(tx: Transaction) -> TaskList:
        mine = {"service_sid": ctx.service_sid, "identity": ctx.identity}
        return TaskList(
            tasks=tx.all(TaskRow, "open_tasks", **mine), seq=tx.value("last_seq", stream=ctx.service_sid)
        )

    return await ctx.look(query)


def _held(tx: Transaction, ctx: Context, task_sid: str, state: TaskState) -> Task:
    """A task in this state that whoever acts holds."""
    task = found(tx, ctx.service_sid, task_sid)
    if task.state != state:
        raise TaskConflict(f"This task is {_said(task)}.")
    if task.agent != ctx.identity and not ctx.is_system:
        raise PermissionDenied("Only the agent who accepted the task can do this.")
    return task


def _move(tx: Transaction, task: Task, state: TaskState, agent: str | None) -> Task:
    moved = tx.run(
        "set_task", service_sid=task.service_sid, sid=task.sid, state=state, agent=agent, seen=task.state
    )
    if not moved:
        raise TaskConflict
    return _tell(tx, task.service_sid, task.sid)


def _tell(tx: Transaction, service_sid: str, task_sid: str) -> Task:
    task = found(tx, service_sid, task_sid)
    tx.append(TaskUpdated, service_sid, task.sid, task=task)
    return task


def _leave(tx: Transaction, task: Task, identity: str) -> None:
    if member := members.find(tx, task.service_sid, task.channel_sid, identity):
        members.remove(tx, member)


def _valid_agent(tx: Transaction, ctx: Context, identity: str) -> User:
    agents = tx.all(User, "users_with_role", service_sid=ctx.service_sid, role=AGENT)
    for agent in agents:
        if agent.identity == identity:
            return agent
    users.found(tx, ctx.service_sid, identity)
    raise InvalidRequest(f"{identity!r} is not an agent.")


def _is_offered_to_another(tx: Transaction, task: Task, identity: str) -> bool:
    """An offer to one agent lapses, so that a customer never waits for somebody who has gone home."""
    is_fresh = tx.now - task.date_updated.timestamp() < OFFER
    return is_fresh and task.agent not in (None, identity)


def _said(task: Task) -> str:
    if task.state == "pending":
        return "offered to another agent"
    return f"{task.state} by {task.agent}" if task.agent else task.state
