"""Tasks: the agents' list, and what an agent does with a task."""

from __future__ import annotations

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.models import Task, TaskList, TaskState
from vestibule.payloads import AcceptTask, CompleteTask, ListTasks, TransferTask, WrapupTask

routes = Routes()


class States(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which tasks; all open ones where none is named."""

    state: tuple[TaskState, ...] = ()


class Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom; to all agents where nobody is named."""

    agent: str | None = None


@routes.get("/v1/tasks")
async def list_tasks(call: Call, query: States) -> TaskList:
    """The open tasks, with their channels' last messages."""
    listed = await call.ctx.invoke(ListTasks())
    if not query.state:
        return listed
    return TaskList(tasks=[task for task in listed.tasks if task.state in query.state], seq=listed.seq)


@routes.post("/v1/tasks/{task_sid}/accept")
async def accept_task(call: Call, task_sid: str) -> Task:
    """Take a pending task."""
    return await call.ctx.invoke(AcceptTask(task_sid))


@routes.post("/v1/tasks/{task_sid}/transfer")
async def transfer_task(call: Call, body: Transfer, task_sid: str) -> Task:
    """Offer a task to another agent, or to all."""
    return await call.ctx.invoke(TransferTask(task_sid, body.agent or None))


@routes.post("/v1/tasks/{task_sid}/wrapup")
async def wrapup_task(call: Call, task_sid: str) -> Task:
    """End the conversation."""
    return await call.ctx.invoke(WrapupTask(task_sid))


@routes.post("/v1/tasks/{task_sid}/complete")
async def complete_task(call: Call, task_sid: str) -> Task:
    """Close a task that was wrapped up."""
    return await call.ctx.invoke(CompleteTask(task_sid))
