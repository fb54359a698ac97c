"""How long others take for the same: Anki's sync server and client, the same number of records of the same size.

    python benchmarks/peers.py [--records 10000] [--python PATH] [--json]

Anki (AGPL) is not among our dependencies. It is run by an interpreter that has it, this one or `--python`:

    python -m venv anki && anki/bin/pip install anki
    python benchmarks/peers.py --python anki/bin/python

Anki keeps a record as two texts and a card, in a plain file and without an index of words; ours is encrypted,
indexed, keeps every field's history, and stores a receipt for every change. Both agencies are empty processes
of their own on this machine; first the peer runs, then we do. Without Anki only our figures are told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from socket import socket

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.demo.agency import DemoAgency
from benchmarks.common import folder, tell
from benchmarks.first_sync import AGS, filled, pulled, pushed
from benchmarks.records import Measures


def anki(where: Path, python: str, records: int) -> dict[str, float | str] | None:
    """What Anki takes; None if this interpreter does not have it."""
    if subprocess.run([python, "-c", "import anki.syncserver"], capture_output=True, check=False).returncode:
        return None
    where.mkdir()
    texts = where / "texts.json"
    source = Measures(AGS, seed=2)
    texts.write_text(json.dumps([_fields(source.values()) for _ in range(records)]), encoding="utf-8")
    child = Path(__file__).with_name("_anki_child.py")
    done = subprocess.run(
        [python, str(child), str(where), str(_free_port()), str(texts)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return told


def _fields(values: dict[str, object]) -> list[str]:
    """A record as a note: its title in front, everything else behind."""
    others = [str(value) for name, value in values.items() if name != "title"]
    return [str(values["title"]), "<br>".join(others)]


def _free_port() -> int:
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has Anki")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with folder() as where:
        theirs = anki(where / "anki", asked.python, asked.records)
        push_s = pushed(where, asked.records)
        filled(where / "agency", asked.records)
        made = DemoAgency(where / "agency")
        made.start()
        try:
            pulled(where, made, "erster", False)
            pull_s = pulled(where, made, "zweiter", False)["pull_s"]
        finally:
            made.kill()
    figures: dict[str, object] = {"records": asked.records, "push_s": push_s, "pull_s": pull_s}
    if theirs is not None:
        figures |= {f"anki_{name}": value for name, value in theirs.items()}
        figures |= {
            "push_ratio": push_s / float(theirs["push_s"]),
            "pull_ratio": pull_s / float(theirs["pull_s"]),
        }
    tell(**figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
