"""A program that sends a token: how the tests write through the API."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from measures import workflow
from measures.models import User

AT = "/api/v1"
JSON = "application/json"


class Program:
    """A person's program. Its answers are Django's, with `json()` and headers by name."""

    def __init__(self, person: User, scope: str = "write", client: Client | None = None) -> None:
        made = workflow.make_token(by=person, uid=uuid4(), name="a program", days=5, scope=scope)
        assert made
        self.secret, self.client = made[1], client or Client()

    def ask(
        self, method: str, path: str, sent: Any = None, kind: str = JSON, **headers: str
    ) -> Any:
        """Ask; `if_match` and `idempotency_key` are headers, what is sent goes as JSON."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told["Authorization"] = f"Bearer {self.secret}"
        data = "" if sent is None else json.dumps(sent)
        address = path if path.startswith("/") else f"{AT}/{path}"
        return self.client.generic(method, address, data, content_type=kind, headers=told)

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, sent: Any = None, **headers: str) -> Any:
        """Add."""
        return self.ask("POST", path, sent, **headers)

    def patch(self, path: str, sent: Any, seen: str | None = None) -> Any:
        """Change what was read with the tag `seen`, or with the one of now."""
        return self.ask("PATCH", path, sent, if_match=seen or self.get(path)["ETag"])


def refused(response: Any, status: int, field: str = "") -> Any:
    """The error of an answer, which has this status and is about this field."""
    assert response.status_code == status, (response.status_code, response.content)
    told = response.json()
    assert set(told) == {"error"}
    assert told["error"].get("field", "") == field, told
    assert told["error"]["message"]
    return told["error"]


def done(response: Any, status: int = 200) -> Any:
    """What was answered."""
    assert response.status_code == status, (response.status_code, response.content)
    return response.json()
