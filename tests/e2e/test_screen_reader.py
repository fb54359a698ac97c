"""The real program over the real accessibility bus (AT-SPI), as a screen reader of the Linux desktop hears it.

Needs an X server, the accessibility bus and their tools (Debian: xvfb, at-spi2-core, dbus); without them there is
nothing to try it on.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).parents[2]
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
REGISTRY = "org.a11y.atspi.Registry"
TREE = "/org/a11y/atspi/accessible/root"
ACCESSIBLE, ACTION = "org.a11y.atspi.Accessible", "org.a11y.atspi.Action"
PATIENCE_S = 60.0
_MOST_ROWS = 12
CHECKED, FOCUSABLE, SHOWING = 4, 11, 25
"""Of AtspiStateType."""
MISSING = not (sys.platform == "linux" and shutil.which("Xvfb") and shutil.which("dbus-daemon") and LAUNCHER.exists())

pytestmark = [pytest.mark.slow, pytest.mark.skipif(MISSING, reason="no X server or accessibility bus here")]


@dataclass(frozen=True)
class Piece:
    """What a screen reader is told of one piece of a program."""

    bus: str
    path: str
    role: str
    name: str
    depth: int


class Listener:
    """A connection to the accessibility bus."""

    def __init__(self, address: str) -> None:
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

        self._line = open_dbus_connection(address)

    def ask(
        self, bus: str, path: str, interface: str, method: str, signature: str = "", *body: object
    ) -> tuple[object, ...]:
        from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
        from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

        where = DBusAddress(path, bus_name=bus, interface=interface)
        reply = self._line.send_and_get_reply(new_method_call(where, method, signature or None, body), timeout=10)
        told: tuple[object, ...] = unwrap_msg(reply)
        return told

    def programs(self) -> list[tuple[str, str]]:
        (found,) = self.ask(REGISTRY, TREE, ACCESSIBLE, "GetChildren")
        assert isinstance(found, list)
        return [(str(bus), str(path)) for bus, path in found]

    def name(self, bus: str, path: str) -> str:
        (found,) = self.ask(bus, path, "org.freedesktop.DBus.Properties", "Get", "ss", ACCESSIBLE, "Name")
        assert isinstance(found, tuple)
        return str(found[1])

    def walk(self, bus: str, path: str, depth: int = 0) -> Iterator[Piece]:
        """Everything below, top down; of long lists the first rows."""
        (role,) = self.ask(bus, path, ACCESSIBLE, "GetRoleName")
        yield Piece(bus, path, str(role), self.name(bus, path), depth)
        (children,) = self.ask(bus, path, ACCESSIBLE, "GetChildren")
        assert isinstance(children, list)
        rows = _MOST_ROWS if role in ("table", "list") else len(children)
        for child_bus, child_path in children[:rows]:
            yield from self.walk(str(child_bus), str(child_path), depth + 1)

    def states(self, piece: Piece) -> set[int]:
        """Numbers of AtspiStateType."""
        (words,) = self.ask(piece.bus, piece.path, ACCESSIBLE, "GetState")
        assert isinstance(words, list)
        whole = words[0] | (words[1] << 32)
        return {bit for bit in range(64) if whole >> bit & 1}

    def press(self, piece: Piece) -> None:
        """The first thing it offers to do."""
        self.ask(piece.bus, piece.path, ACTION, "DoAction", "i", 0)

    def close(self) -> None:
        self._line.close()


_T = TypeVar("_T")


def soon(what: Callable[[], _T | None]) -> _T:
    """The first answer that says something; other processes take their time, and pieces come and go."""
    from jeepney.wrappers import DBusErrorResponse

    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, DBusErrorResponse):
            found = what()
            if found:
                return found
        _beat()
    raise AssertionError("waited too long")


def _beat() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An X server and a message bus of one's own, with the accessibility bus on it: the environment for a program."""
    with contextlib.ExitStack() as ends:
        screen, display = _screen()
        ends.callback(_end, screen)
        session = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
        )
        ends.callback(_end, session)
        assert session.stdout is not None
        address = session.stdout.readline().strip()
        ends.callback(session.stdout.close)
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("QT_", "DBUS_", "AT_SPI"))},
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": address,
            "XDG_RUNTIME_DIR": str(tmp_path),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        launcher = subprocess.Popen([str(LAUNCHER), "--launch-immediately"], env=env, stderr=subprocess.DEVNULL)
        ends.callback(_end, launcher)
        yield env


def _screen() -> tuple[subprocess.Popen[bytes], str]:
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        return screen, f":{told.readline().strip()}"


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def listener(desk: dict[str, str]) -> Iterator[Listener]:
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import unwrap_msg

    session = open_dbus_connection(desk["DBUS_SESSION_BUS_ADDRESS"])
    where = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")

    def address() -> str:
        reply = session.send_and_get_reply(new_method_call(where, "GetAddress"), timeout=10)
        return str(unwrap_msg(reply)[0])

    found = Listener(str(soon(address)))
    session.close()
    yield found
    found.close()


@pytest.fixture
def program(desk: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program as a person starts it, with a profile under a passphrase."""
    secret = tmp_path / "kennwort"
    secret.write_text("Sieben Brücken über die Eder", encoding="utf-8")
    words = [sys.executable, "-m", "app", "--profile", str(tmp_path / "profil"), "--passphrase-file", str(secret)]
    who = ["new", "--person", "Katrin Brandt", "--device", "Laptop", "--ags", "05970004"]
    subprocess.run([*words, *who], cwd=ROOT, env=desk, check=True, stdout=subprocess.DEVNULL)
    running = subprocess.Popen(words, cwd=ROOT, env=desk)
    yield running
    _end(running)


def test_a_screen_reader_finds_the_program_hears_every_piece_and_can_work_it(
    listener: Listener, program: subprocess.Popen[bytes]
) -> None:
    def pieces() -> list[Piece]:
        """All of our program; empty before it is there."""
        found = next((p for p in listener.programs() if listener.name(*p) == "masswerk"), None)
        return [] if found is None else list(listener.walk(*found))

    def named(name: str) -> Piece | None:
        return next((piece for piece in pieces() if piece.name == name), None)

    assert soon(lambda: named("Überall suchen")).role == "text"
    told = pieces()
    assert told[0].role == "application"
    silent = [p for p in told if not p.name.strip()]
    assert [p for p in silent if {FOCUSABLE, SHOWING} <= listener.states(p)] == []
    today, rooms = soon(lambda: named("Heute")), soon(lambda: named("Maßnahmen"))
    assert (today.role, CHECKED in listener.states(today)) == ("radio button", True)
    listener.press(rooms)
    soon(lambda: CHECKED in listener.states(rooms))
    listener.press(soon(lambda: named("Neue Maßnahme")))
    soon(lambda: next((p for p in pieces() if p.name.startswith("Titel") and p.role == "text"), None))
    assert program.poll() is None
