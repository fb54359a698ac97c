"""Every transaction that is opened anywhere, by the name of the function that opens it, and a child that dies there.

No hook in the program: the child listens to SQLAlchemy's own events and looks at the stack.
"""

from __future__ import annotations

import ast
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from sqlalchemy import Connection, Engine, event

ROOT = Path(__file__).resolve().parents[2]
_WRITERS = {"writing", "write"}
_BETWEEN = {"app/models/engine.py", "app/server/database.py"}
"""Where transactions are begun for others."""


def call_sites() -> set[str]:
    """`file:function` of every `writing(…)` of the client and every `database.write()` of the agency."""
    found = set()
    for folder in ("models", "sync", "services", "server"):
        for file in (ROOT / "app" / folder).rglob("*.py"):
            where = file.relative_to(ROOT).as_posix()
            if where in _BETWEEN or "migrations" in where:
                continue
            for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef) and any(_opens(node, where) for node in ast.walk(function)):
                    found.add(f"{where}:{function.name}")
    return found


def _opens(node: ast.AST, where: str) -> bool:
    if not isinstance(node, ast.With | ast.AsyncWith):
        return False
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id == "writing":
                return True
            if isinstance(call.func, ast.Attribute) and call.func.attr == "write" and "/server/" in where:
                return "database" in ast.unparse(call.func)
    return False


def opener(sites: set[str]) -> str:
    """The innermost function on the stack that is such a place, "" if none is."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(str(ROOT)):
            name = f"{Path(file).relative_to(ROOT).as_posix()}:{frame.f_code.co_name}"
            if name in sites:
                return name
        frame = frame.f_back
    return ""


@dataclass
class Death:
    """Ends this process with SIGKILL at the given transaction of the given place.

    Attributes:
        chapter: of `fault_life.STORY`; "" is the first.
        point: `file:function`; "" only counts.
        after: with the commit on the disk, instead of just before it.
        occurrence: which commit of that place in that chapter, from 1.
    """

    chapter: str = ""
    point: str = ""
    after: bool = False
    occurrence: int = 1

    def watch(self) -> Counter[str]:
        """Begins to look; returns what has been committed so far, by place."""
        sites, met = call_sites(), Counter[str]()

        @event.listens_for(Engine, "commit")
        def on_commit(connection: Connection) -> None:
            place = opener(sites)
            if not place:
                return
            met[place] += 1
            if place == self.point and met[place] == self.occurrence:
                if self.after:
                    connection.exec_driver_sql("COMMIT")
                os.kill(os.getpid(), signal.SIGKILL)

        return met
