"""The demo's own agency: a real server process on this computer, started, stopped, killed and invited to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from app.errors import AgencyUnreachable
from app.sync.http_agency import HttpAgency

START_SECONDS = 30.0
NAME = "Südwestfalen Agentur"


def server_command(*words: str) -> list[str]:
    """How this program starts its server part: as a module, or, when frozen, through itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "agency", *words]
    return [sys.executable, "-m", "app.server", *words]


class DemoAgency:
    """One agency in a folder. Its address stays the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port_file = folder / "port"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._operator("init", "--name", NAME)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the process and waits until it answers. Raises AgencyUnreachable if it never does."""
        self._port_file.unlink(missing_ok=True)
        log = (self._folder / "agency.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                server_command(
                    "serve", "--data", str(self._folder), "--port", str(self._port),
                    "--port-file", str(self._port_file),
                ),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=_environment(),
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._port_file.exists() and (told := self._port_file.read_text().strip()):
                self._port = int(told)
                if self._answers():
                    return
            time.sleep(0.02)
        raise AgencyUnreachable(reason="demo_agency_did_not_start")

    def stop(self) -> None:
        """Ends it the friendly way: the network is gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=START_SECONDS)
            self._process = None

    def kill(self) -> None:
        """Ends it in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=START_SECONDS)
            self._process = None

    def invite(self, role: str, ags: str = "", workshops: tuple[str, ...] = ()) -> str:
        """A fresh invitation code, as an operator makes it."""
        words = ["--role", role, "--label", "Demo"]
        if ags:
            words += ["--ags", ags]
        for workshop in workshops:
            words += ["--workshop", workshop]
        return self._operator("invite", *words).strip().splitlines()[-1].strip()

    def _answers(self) -> bool:
        agency = HttpAgency(self.url, connect=1.0, read=2.0)
        try:
            agency.about()
        except AgencyUnreachable:
            return False
        finally:
            agency.close()
        return True

    def _operator(self, verb: str, *words: str) -> str:
        done = subprocess.run(
            server_command(verb, "--data", str(self._folder), *words),
            capture_output=True,
            text=True,
            timeout=120,
            env=_environment(),
            check=False,
        )
        if done.returncode:
            raise AgencyUnreachable(reason="demo_agency_operator", told=done.stderr[-300:])
        return done.stdout


def _environment() -> dict[str, str]:
    """The child's environment: no agency of the surroundings, and UTF-8 everywhere."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MASSWERK_AGENCY")}
    env["PYTHONUTF8"] = "1"
    if not getattr(sys, "frozen", False):
        env["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    return env
