"""Where a computer may go down: every write transaction, just before and just after it is committed.

A fault point is named by the function of the product that opened the transaction. It is found by looking
up the stack at the moment of the commit, so the product knows nothing of this.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType

_CLIENT_GATE = "app.models.engine"
_AGENCY_GATE = "app.server.database"
_PASSED_THROUGH = ("contextlib", _CLIENT_GATE, _AGENCY_GATE)


class Crash(BaseException):
    """The power is gone. Not an Exception: nobody may catch it and go on."""


def opener(writes: bool = False) -> str | None:
    """Name of the product's function whose write transaction is being committed; None if it only reads.

    Args:
        writes: it is known already that this is a write transaction.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module == _CLIENT_GATE and frame.f_code.co_name == "writing":
            writes = True
        elif module == _CLIENT_GATE and frame.f_code.co_name == "reading":
            return None
        elif writes and module.startswith("app.") and module not in _PASSED_THROUGH:
            return f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "tests" if writes else None


@dataclass(slots=True)
class Power:
    """One computer's power supply: counts down to a crash, and remembers which points it passed.

    Attributes:
        fate: points at which whoever comes there first goes down; all computers of a world share it.
    """

    passed: Counter[str] = field(default_factory=Counter)
    crashed: Counter[str] = field(default_factory=Counter)
    countdown: int = 0
    aim: str = ""
    fate: list[str] = field(default_factory=list)
    gone: bool = False
    _armed: bool = False

    def arm(self, points: int) -> None:
        """Goes down at the `points`-th fault point from now; two points to each transaction."""
        self._armed, self.countdown = True, points

    def arm_at(self, point: str) -> None:
        """Goes down at this very point, "NAME before" or "NAME after", once it comes by."""
        self._armed, self.aim = True, point

    def reach(self, name: str, side: str) -> None:
        """To be called at every fault point; `side` is "before" or "after" the commit."""
        point = f"{name} {side}"
        self.passed[point] += 1
        self.countdown = max(0, self.countdown - 1)
        fated = point in self.fate
        if fated:
            self.fate.remove(point)
        if fated or (self._armed and (point == self.aim or not (self.aim or self.countdown))):
            self.gone = True
            self.crashed[point] += 1
            raise Crash(point)

    def check(self) -> None:
        """Nothing runs without power, not even what stands in a `finally`."""
        if self.gone:
            raise Crash("still down")

    def restore(self) -> None:
        self.gone = False
        self.disarm()

    def disarm(self) -> None:
        """Nothing will happen after all."""
        self._armed, self.countdown, self.aim = False, 0, ""


_ROOT = Path(__file__).resolve().parents[2]
NOT_IN_MEMORY = {
    "app.models.backup.restore": "puts files in place of files; tests/models/test_backup.py",
    "app.models.migrate.create": "makes a file; tests/models/test_migrations.py",
    "app.models.migrate.upgrade_file": "swaps files; tests/models/test_migrations.py",
    "app.models.rescue.rescue": "puts a whole file in place of a damaged one; tests/models/test_rescue.py",
    "app.models.opening._store": "opens a file beside its witness; tests/models/test_opening.py",
    "app.models.participants.add": "names stay on the device; tests/services/test_participants.py",
    "app.models.participants.change": "names stay on the device; tests/services/test_participants.py",
    "app.models.participants.remove": "names stay on the device; tests/services/test_participants.py",
    "app.models.participants.erase_due": "names stay on the device; tests/services/test_participants.py",
    "app.models.handovers.take_verdicts": "no officer sends anything back there; tests/e2e/test_fault_points.py",
    "app.models.handovers.put_away": "no officer sends anything back there; tests/e2e/test_fault_points.py",
    "app.models.hearing.take": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.models.letters._put": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.models.letters.tell": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.models.letters.entrust": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.models.letters.keep_part": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.models.letters.keep_receipt": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.models.letters.take_receipt": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.models.letters.forget_entrusted": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.server.courier._hear": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.server.carrying.carry": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.server.carrying.passport": "nobody meets in a hall there; tests/e2e/test_fault_points.py",
    "app.server.own_devices.OwnDevices.sign_off": "everybody has one device there; tests/e2e/test_fault_points.py",
    "app.server.oversight.Oversight.invite": "no officer there; tests/e2e/test_fault_points.py",
    "app.server.oversight.Oversight.revoke": "no officer there; tests/e2e/test_fault_points.py",
    "app.server.oversight.Oversight.decide": "no officer there; tests/e2e/test_fault_points.py",
    "app.server.oversight.Oversight.lead": "no officer there; tests/e2e/test_fault_points.py",
    "app.server.oversight.Inheritance.decide": "nobody decides at a desk there; tests/server/test_scopes.py",
    "app.server.office.close_account": "no provider of accounts there; tests/e2e/test_fault_points.py",
    "app.server.staff.Staff.sign_in": "no provider of accounts there; tests/e2e/test_fault_points.py",
    "app.server.service.AgencyService.renew": "a world is younger than a token; tests/e2e/test_fault_points.py",
    "app.server.service.AgencyService.found": "happens before there is anybody who could lose something",
}
"""Write transactions at which no world can crash, and where they are tried instead."""
RARE = frozenset(
    {
        "app.models.auditing._check_slice",
        "app.models.courier.secret",
        "app.models.epochs.send_again",
        "app.models.incoming.take_grant",
        "app.models.indexing._merged",
        "app.models.reissue.keep_known",
        "app.models.reissue.renew",
        "app.models.rereading.remember",
        "app.server.courier._secret",
    }
)
"""Places that three hundred worlds do not come to. Real processes end at most of them in
tests/e2e/test_fault_points.py, which names those at which nothing ends so far."""
_OTHER_FILES = ("app.models.blobs.", "app.models.blob_file.", "app.server.blobs.")
"""The bytes of attachments lie in files of their own at both ends, with tests of their own."""


@cache
def client_points() -> frozenset[str]:
    """Every function of the client that opens a write transaction, read from its source."""
    found = _openers(("app/models", "app/sync", "app/services"), "writing")
    return frozenset(name for name in found if not name.startswith(_OTHER_FILES))


@cache
def agency_points() -> frozenset[str]:
    """Every function of the agency that opens one."""
    elsewhere = ("app.server.database", *_OTHER_FILES)
    return frozenset(name for name in _openers(("app/server",), "write") if not name.startswith(elsewhere))


def _openers(rooms: tuple[str, ...], call: str) -> Iterator[str]:
    for room in rooms:
        for file in sorted((_ROOT / room).rglob("*.py")):
            module, source = ".".join(file.relative_to(_ROOT).with_suffix("").parts), file.read_text("utf-8")
            if f"{call}(" in source:
                yield from (f"{module}.{name}" for name in _within(ast.parse(source), "", call))


def _within(node: ast.AST, path: str, call: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield from _within(child, f"{path}.{child.name}".lstrip("."), call)
        elif isinstance(child, ast.With) and any(_opens(item.context_expr, call) for item in child.items):
            yield path
        else:
            yield from _within(child, path, call)


def _opens(call: ast.expr, name: str) -> bool:
    if not isinstance(call, ast.Call):
        return False
    function = call.func
    return (function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")) == name
