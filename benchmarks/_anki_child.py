"""The peer of `peers.py`: Anki's own server and two of its collections, run by an interpreter that has Anki."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from socket import create_connection

from anki.buildinfo import version
from anki.collection import AddNoteRequest, Collection

SLICE = 500
"""Notes a person's import adds at once."""
PATIENCE_S = 30.0


def main() -> int:
    where, port, texts = Path(sys.argv[1]), int(sys.argv[2]), json.loads(Path(sys.argv[3]).read_bytes())
    server = subprocess.Popen(
        [sys.executable, "-m", "anki.syncserver"],
        env={
            **os.environ,
            "SYNC_USER1": "peer:peer",
            "SYNC_BASE": str(where / "server"),
            "SYNC_HOST": "127.0.0.1",
            "SYNC_PORT": str(port),
            "RUST_LOG": "error",
        },
    )
    try:
        await_port(port)
        print(json.dumps({"version": version, **measure(where, f"http://127.0.0.1:{port}/", texts)}))
    finally:
        server.kill()
        server.wait()
    return 0


def await_port(port: int) -> None:
    """Until the server answers."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def measure(where: Path, url: str, texts: list[list[str]]) -> dict[str, float]:
    """Seconds of a record-level push and pull, and of fetching the whole file, which Anki does at first."""
    writer, reader, third = (Collection(str(where / f"{name}.anki2")) for name in ("writer", "reader", "third"))
    auth = writer.sync_login("peer", "peer", url)
    writer.sync_collection(auth, False)
    replace(writer, auth, upload=True)
    replace(reader, auth, upload=False)
    kind, deck = writer.models.by_name("Basic"), writer.decks.id("Maßnahmen")
    for start in range(0, len(texts), SLICE):
        requests = []
        for fields in texts[start : start + SLICE]:
            note = writer.new_note(kind)
            note.fields = fields
            requests.append(AddNoteRequest(note=note, deck_id=deck))
        writer.add_notes(requests)
    figures = {"push_s": timed(lambda: writer.sync_collection(auth, False))}
    figures["pull_s"] = timed(lambda: reader.sync_collection(auth, False))
    figures["download_s"] = timed(lambda: replace(third, auth, upload=False))
    if {reader.note_count(), third.note_count()} != {len(texts)}:
        raise SystemExit("the peer did not transfer everything")
    for collection in (writer, reader, third):
        collection.close()
    return figures


def replace(collection: Collection, auth: object, upload: bool) -> None:
    """The whole collection in one file, up or down."""
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
    collection.reopen(after_full_sync=True)


def timed(act: object) -> float:
    """Seconds that it takes."""
    assert callable(act)
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
