"""In general: what every error is."""

from __future__ import annotations

from typing import Any


class VestibuleError(Exception):
    """Something went wrong on our side. It has been logged; please try again."""

    code = 60000
    reason = "internal_error"
    status = 500

    def __init__(self, message: str = "", *, advice: str = "", **detail: Any) -> None:
        """`message` says what is the case, `advice` what to do; `detail` is for programs."""
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.advice = advice
        self.detail = detail

    def to_dict(self) -> dict[str, Any]:
        """The JSON of an error on every wire: Programmable Chat's four fields, then ours."""
        body: dict[str, Any] = {
            "code": self.code,
            "message": str(self),
            "more_info": f"/docs/errors#{self.code}",
            "status": self.status,
            "reason": self.reason,
        }
        if self.advice:
            body["advice"] = self.advice
        if self.detail:
            body["details"] = self.detail
        return body
