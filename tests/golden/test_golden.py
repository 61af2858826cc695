"""Golden replies: request in, bytes out. `UPDATE_GOLDEN=1 make test` writes them anew; read the diff before you commit it."""
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
AT = "2026-03-04T12:00:00Z"
CASES = [(line.split() + [None])[:3] for line in (HERE / "cases.txt").read_text().splitlines() if line and line[0] != "#"]
KEYS = {"listed": "00112233445566778899AABBCCDDEEFF" * 2, "unlisted": "F0" * 32}


def render(tidings, protocol, path, key):
    """What `get` prints: header and body on stdout, its word about the status on stderr."""
    asks = ["--key", KEYS[key]] if key else []
    command = [tidings, "get", "-c", str(HERE / "server.ini"), "--header", "--at", AT, *asks, f"{protocol}:{path}"]
    done = subprocess.run(command, capture_output=True, timeout=30)
    assert done.returncode in (0, 1), done.stderr.decode()
    assert b"runtime error" not in done.stderr and b"Sanitizer" not in done.stderr, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("protocol", ["gemini", "gopher"])
@pytest.mark.parametrize("name,path,key", CASES)
def test_reply_is_as_kept(tidings, protocol, name, path, key):
    kept = HERE / "expect" / f"{name}.{protocol}"
    got = render(tidings, protocol, path, key)
    if os.environ.get("UPDATE_GOLDEN"):
        kept.write_bytes(got)
    assert got == kept.read_bytes()


def test_every_kept_reply_has_a_case():
    names = {f"{name}.{protocol}" for name, _, _ in CASES for protocol in ("gemini", "gopher")}
    assert {file.name for file in (HERE / "expect").iterdir()} == names
