#!/usr/bin/env python3
"""The table of contents of a developer's day: makes the environment, then runs one thing in it.

Standard library only. `python3 dev.py` lists the verbs. Whatever a verb needs is installed first: the
packages pinned in requirements.txt into `.venv`, and, where this account may (root with apt-get), the
system libraries Qt and the tests need; where it may not, one line says what to install.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "masswerk-stamp.txt"
REQUIREMENTS = ROOT / "requirements.txt"
OLDEST = (3, 11)

# Library -> Debian package. The first list is needed by every window, also by one nobody sees.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
}
XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
FONT_PACKAGE = "fonts-dejavu-core"
SPREAD = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")
"""The whole suite on every core, file by file, in the order in which tests/conftest.py puts the files."""
INNER_LOOP = [f"tests/{p}" for p in ("domain", "services", "architecture", "ui/test_labels.py", "ui/test_desktop.py")]


def say(line: str) -> None:
    """One short line about what happens now."""
    print(f"· {line}", flush=True)


def stop(what: str, remedy: str, code: int = 2) -> NoReturn:
    """End with what is wrong and the one thing to do about it."""
    sys.stdout.flush()
    print(f"✗ {what}\n  Abhilfe: {remedy}", file=sys.stderr, flush=True)
    raise SystemExit(code)


# ----------------------------------------------------------------------------------------- environment


def child_environment() -> dict[str, str]:
    """The environment of every child: nothing of a foreign Python leaks in, and what is compiled is kept."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
    env = {k: v for k, v in os.environ.items() if k not in foreign}
    env["PYTHONNOUSERSITE"] = "1"
    env["PYTHONUTF8"] = "1"
    return env


def wanted_stamp() -> str:
    """What the environment must have been made from: pins, project file, this Python, this place."""
    digest = hashlib.sha256()
    for file in (REQUIREMENTS, ROOT / "pyproject.toml"):
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return f"{digest.hexdigest()} {ROOT}\n"


def is_ready() -> bool:
    """True if `.venv` was finished from exactly these pins."""
    try:
        return STAMP.read_text(encoding="utf-8") == wanted_stamp() and PYTHON.exists()
    except OSError:
        return False


def refuse_broken_environment() -> None:
    """Stop if there is a `.venv` whose Python does not run; deleting it is the owner's decision."""
    if not VENV.exists():
        return
    remedy = f"Den Ordner {VENV} löschen und den Befehl wiederholen."
    probe = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix != sys.base_prefix)"
    try:
        told = subprocess.run(
            [PYTHON, "-c", probe], capture_output=True, text=True, timeout=60, env=child_environment()
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        stop(
            f"Die Umgebung .venv ist beschädigt: ihr Python startet nicht ({error.__class__.__name__}).",
            remedy,
        )
    version, _, inside = told.stdout.strip().partition(" ")
    if told.returncode or inside != "True":
        stop("Die Umgebung .venv ist beschädigt: ihr Python ist keine eigene Umgebung.", remedy)
    if tuple(map(int, version.split("."))) < OLDEST:
        stop(f"Die Umgebung .venv ist mit Python {version} angelegt, zu alt für Maßwerk.", remedy)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one dev.py sets up at a time; the lock goes with its process, so none is left behind."""
    with (ROOT / ".dev.lock").open("a+") as lock:
        if not _try_lock(lock):
            say("Ein anderer dev.py richtet gerade ein, ich warte …")
            while not _try_lock(lock):
                time.sleep(0.2)
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make_environment() -> None:
    """`.venv` with everything pinned in requirements.txt and Maßwerk itself; milliseconds when done."""
    if is_ready():
        return
    with alone():
        if is_ready():
            return
        began = time.monotonic()
        refuse_broken_environment()
        if not PYTHON.exists():
            make_venv()
        install_packages()
        partial = STAMP.with_suffix(".new")
        partial.write_text(wanted_stamp(), encoding="utf-8")
        partial.replace(STAMP)
        say(f"Umgebung fertig in {time.monotonic() - began:.0f} s.")


def make_venv() -> None:
    """An empty `.venv`; Debian keeps the module for it in a package of its own."""
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        install_system_packages(["python3-venv"], "Python kann hier keine Umgebung anlegen")
        importlib.invalidate_caches()
    say("Lege die Umgebung .venv an …")
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, env=child_environment())
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        last = (made.stdout + made.stderr).strip().splitlines()[-1:]
        stop(
            f"Die Umgebung lässt sich nicht anlegen: {' '.join(last)}",
            "sudo apt-get install python3-venv, dann noch einmal.",
        )


def install_packages() -> None:
    """The pinned packages (hashes checked, wheels only: nothing is compiled), then this folder, editable."""
    count = sum(line[:1].isalnum() for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    say(f"Installiere {count} Pakete, jede Prüfsumme verglichen; das dauert etwa eine halbe Minute …")
    # Python compiles what it imports; compiling everything takes a third of the time.
    words = "-m pip install --quiet --no-input --disable-pip-version-check --no-deps --no-compile"
    pip = [str(PYTHON), *words.split()]
    for step in (
        ["--require-hashes", "--only-binary", ":all:", "-r", str(REQUIREMENTS)],
        ["--no-build-isolation", "--no-index", "-e", str(ROOT)],
    ):
        if subprocess.run([*pip, *step], cwd=ROOT, env=child_environment()).returncode:
            stop(
                "Die Pakete ließen sich nicht installieren (Grund darüber).",
                "Netz oder Proxy prüfen und wiederholen.",
            )


# ------------------------------------------------------------------------------------ system libraries


def missing_libraries(wanted: dict[str, str]) -> list[str]:
    """The Debian packages of those libraries that the loader does not find."""
    packages = []
    for library, package in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


def need_window_libraries(to_package: bool = False) -> None:
    """Everything Qt loads on Linux, for a window seen or unseen; other systems bring it along."""
    if sys.platform != "linux":
        return
    on_screen = bool(os.environ.get("DISPLAY")) and os.environ.get("QT_QPA_PLATFORM", "xcb").startswith("xcb")
    packages = missing_libraries(QT_LIBRARIES | (XCB_LIBRARIES if on_screen or to_package else {}))
    if to_package and not (shutil.which("objdump") and shutil.which("strip")):
        packages.append("binutils")
    if not any(Path(folder).is_dir() for folder in ("/usr/share/fonts", "/usr/local/share/fonts")):
        packages.append(FONT_PACKAGE)
    if packages:
        install_system_packages(packages, "Für die Fenster (Qt) fehlt im System")


def may_install() -> bool:
    """True where this account may install Debian packages."""
    return not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_get(packages: Sequence[str]) -> str:
    """Install Debian packages; the last line of the complaint, or nothing."""
    env = child_environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-q", "update"], capture_output=True, env=env)
    command = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *packages]
    done = subprocess.run(command, capture_output=True, text=True, env=env, errors="replace")
    return "" if done.returncode == 0 else ((done.stderr + done.stdout).strip().splitlines() or ["apt-get"])[-1]


def install_system_packages(packages: Sequence[str], why: str) -> None:
    """Install Debian packages where this account may; else stop with the line that does it."""
    names = " ".join(packages)
    if not may_install():
        stop(f"{why}: {names}.", f"sudo apt-get install {names}")
    say(f"{why}: {names}. Wird installiert …")
    if complaint := apt_get(packages):
        stop(f"apt-get konnte nicht installieren: {complaint}", f"apt-get update && apt-get install {names}")


def has_postgresql() -> bool:
    """True if the tests can start a PostgreSQL of their own, or were given one."""
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        shutil.which("initdb"),
        os.environ.get("TEST_PG_URL"),
    ]
    return any(places)


def need_postgresql() -> bool:
    """PostgreSQL for the tests that want a real one; False (and one line) where it cannot be had."""
    if has_postgresql():
        return True
    complaint = "dieses Konto darf nichts installieren"
    if may_install():
        say("Für die Tests der Agentur fehlt im System: postgresql. Wird installiert …")
        complaint = apt_get(["postgresql"])
    if has_postgresql():
        return True
    if os.environ.get("CI"):
        stop(f"PostgreSQL fehlt ({complaint}).", "sudo apt-get install postgresql")
    say(
        f"PostgreSQL fehlt ({complaint}): Tests mit der Marke postgres laufen nicht mit. "
        "Abhilfe: sudo apt-get install postgresql"
    )
    return False


# ----------------------------------------------------------------------------------------------- verbs


def hand_over(arguments: Sequence[str]) -> int:
    """Run the environment's Python in place of this process, so that signals reach it."""
    command = [str(PYTHON), *arguments]
    os.chdir(ROOT)
    sys.stdout.flush()
    if not WINDOWS:
        os.execve(PYTHON, command, child_environment())
    return subprocess.run(command, env=child_environment()).returncode


def setup(_arguments: list[str]) -> int:
    """Make the environment and name what the system lacks."""
    make_environment()
    need_window_libraries()
    say("Alles bereit: python3 dev.py demo")
    return 0


def _app(*fixed: str) -> Callable[[list[str]], int]:
    def verb(arguments: list[str]) -> int:
        make_environment()
        need_window_libraries()
        return hand_over(["-m", *fixed, *arguments])

    return verb


def serve(arguments: list[str]) -> int:
    """The agency of this checkout in `.agentur`, founded on first use; other commands pass through."""
    make_environment()
    own = [] if "--data" in arguments else ["--data", str(ROOT / ".agentur")]
    if own and not (ROOT / ".agentur").exists():
        found = ["-m", "app.server", "init", "--name", "Agentur dieses Rechners", *own]
        if code := subprocess.run([str(PYTHON), *found], cwd=ROOT, env=child_environment()).returncode:
            return code
    command = arguments if arguments and arguments[0].isalpha() else ["serve", *arguments]
    return hand_over(["-m", "app.server", command[0], *own, *command[1:]])


def test(arguments: list[str]) -> int:
    """The whole suite on every core, or with `--fast` what is decided without windows and processes.

    The rest goes to pytest. Named places run in one process, and so does everything with `-p no:xdist` or `-n 0`.
    """
    make_environment()
    need_window_libraries()
    if "--fast" in arguments:
        os.environ.setdefault("MASSWERK_HYPOTHESIS", "fast")
        said = [a for a in arguments if a != "--fast"]
        places = () if any(a.startswith("tests") for a in said) else INNER_LOOP
        arguments = ["-m", "not slow and not postgres", *said, *places]
    else:
        if not need_postgresql() and "-m" not in arguments:
            arguments = ["-m", "not postgres", *arguments]
        arguments = spread(arguments)
    return hand_over(["-m", "pytest", *arguments])


def spread(arguments: list[str]) -> list[str]:
    """What pytest is asked for, on every core unless a place or a single process is named."""
    is_single = any(a.startswith(("tests", "-n")) or a == "no:xdist" for a in arguments)
    return arguments if is_single else [*SPREAD, *arguments]


def check(arguments: list[str]) -> int:
    """Every tool that reads the code; all of them run, also after a failure (`--quick`: style only)."""
    make_environment()
    steps = {
        "ruff": ["-m", "ruff", "check", *(["--fix"] if "--fix" in arguments else []), "."],
        "ruff format": ["-m", "ruff", "format", *([] if "--fix" in arguments else ["--check"]), "."],
        "mypy": ["-m", "mypy"],
        "Räume": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
        "bandit": ["-m", "bandit", "-q", "-c", "pyproject.toml", "-r", "app", "dev.py"],
    }
    if "--quick" in arguments:
        steps = {name: step for name, step in steps.items() if name.startswith("ruff")}
    failed = []
    for name, step in steps.items():
        began = time.monotonic()
        if subprocess.run([str(PYTHON), *step], cwd=ROOT, env=child_environment()).returncode:
            failed.append(name)
        say(f"{name}: {'nicht in Ordnung' if name in failed else 'in Ordnung'} ({time.monotonic() - began:.1f} s)")
    return 1 if failed else 0


def simulate(arguments: list[str]) -> int:
    """Worlds from seeds (tests/simulation); strings hash the same every time, so that a seed is a story."""
    make_environment()
    os.environ["PYTHONHASHSEED"] = "0"
    return hand_over(["-m", "tests.simulation", *arguments])


def bench(arguments: list[str]) -> int:
    """Run the scripts of benchmarks/, all or the named ones."""
    make_environment()
    need_window_libraries()
    scripts = {file.stem: file for file in sorted((ROOT / "benchmarks").glob("*.py")) if not file.stem.startswith("_")}
    chosen = [name for name in arguments if name in scripts] or list(scripts)
    passed_on = [argument for argument in arguments if argument not in scripts]
    codes = []
    for name in chosen:
        say(f"Messung {name}")
        script = [str(PYTHON), "-m", f"benchmarks.{name}", *passed_on]
        codes.append(subprocess.run(script, cwd=ROOT, env=child_environment()).returncode)
    return max(codes)


def package(arguments: list[str]) -> int:
    """Build the bundle with PyInstaller and let it check itself."""
    make_environment()
    need_window_libraries(to_package=True)
    began = time.monotonic()
    build = ["-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", "build.spec", *arguments]
    if subprocess.run([str(PYTHON), *build], cwd=ROOT, env=child_environment()).returncode:
        stop("Das Programm ließ sich nicht bauen (Grund darüber).", "Den ersten Fehler darüber beheben.")
    bundle = ROOT / "dist" / "masswerk"
    size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file() and not file.is_symlink())
    say(f"Gebaut in {time.monotonic() - began:.0f} s: {bundle} ({size / 1e6:.0f} MB). Prüfe es …")
    program = bundle / ("masswerk.exe" if WINDOWS else "masswerk")
    return subprocess.run([program, "--self-check"], cwd=bundle, env=child_environment()).returncode


VERBS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "setup": (setup, "Umgebung anlegen · make the environment"),
    "run": (_app("app"), "Maßwerk starten · start the program"),
    "demo": (
        _app("app", "--demo"),
        "Vorführregion öffnen · open the demo region (--story --out ORDNER: ohne Bildschirm)",
    ),
    "serve": (serve, "Agentur starten · start the agency (auch: invite, devices, backup …)"),
    "two": (_app("app", "--two"), "zwei Arbeitsplätze, eine Agentur · two desks, one agency"),
    "test": (test, "alle Tests · all tests (--fast: nur die schnellen · inner loop)"),
    "check": (check, "Stil, Typen, Räume, Sicherheit · style, types, rooms, security (--fix)"),
    "simulate": (simulate, "Welten aus Saatzahlen · simulated worlds (--seeds N --from S --mutant NAME --disk --hall)"),
    "bench": (bench, "Messungen · benchmarks (NAME …: nur diese · only these)"),
    "shots": (_app("app", "--shots"), "Bilder der Fenster nach ORDNER · screenshots into a folder"),
    "package": (package, "Programm zum Weitergeben bauen und prüfen · build and check the bundle"),
}


def main(arguments: list[str]) -> int:
    """List the verbs, or run one."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if sys.version_info < OLDEST:
        stop(
            f"Maßwerk braucht Python 3.11 oder neuer, hier läuft {sys.version.split()[0]}.",
            "Neueres Python installieren.",
        )
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        for name, (_, line) in VERBS.items():
            print(f"python3 dev.py {name:<8} {line}")
        return 0
    if arguments[0] not in VERBS:
        stop(f"„{arguments[0]}“ gibt es nicht.", "python3 dev.py zeigt, was es gibt.")
    try:
        return VERBS[arguments[0]][0](arguments[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
