"""Reloads, new certificates, bad settings and dying workers while the paper is read."""
import os
import random
import signal
import subprocess

import pytest

from clients import secure
from readers import Readers, version_of
from running import until

SETTLED = "the old settings stay"


def certificate_of(server):
    with secure(server.gemini) as tls:
        return tls.getpeercert(binary_form=True)


def make_certificate(server, certificate="site.crt", key="site.key"):
    """Written beside and renamed, as certificate tools do."""
    new_key, new_certificate = server.folder / "new.key", server.folder / "new.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "9",
                    "-keyout", new_key, "-out", new_certificate], check=True, capture_output=True)
    new_key.chmod(0o600)
    new_key.rename(server.folder / key)
    new_certificate.rename(server.folder / certificate)


def reload(server, words):
    """Sends SIGHUP and waits until the log says words once more."""
    before = server.log().count(words)
    server.signal(signal.SIGHUP)
    until(lambda: server.log().count(words) > before, 20)


def test_reloads_fail_no_request(run, often):
    server = run()
    with Readers(server):
        for _ in range(often(10, 100)):
            reload(server, "reloaded")
    until(lambda: sorted(server.children()) == ["editor", "worker 1", "worker 2"])


def test_certificates_change_under_load_and_broken_ones_are_survived(run, often):
    server = run()
    with Readers(server):
        shown = certificate_of(server)
        for number in range(often(10, 50)):
            fault = {1: "mismatched", 3: "cut"}.get(number % 5)
            make_certificate(server, key="other.key" if fault == "mismatched" else "site.key")
            if fault == "cut":
                path = server.folder / "site.crt"
                path.write_bytes(path.read_bytes()[:random.randrange(10, 200)])
            reload(server, SETTLED if fault else "reloaded")
            if fault:
                assert certificate_of(server) == shown
            else:
                until(lambda old=shown: certificate_of(server) != old)
                shown = certificate_of(server)


BAD = {
    "unknown setting": "[server]\nwokers = 2\n",
    "unknown section": "[sevrer]\nworkers = 2\n",
    "no number": "[server]\nworkers = many\n",
    "negative number": "[server]\nworkers = -1\n",
    "number too large": "[server]\nworkers = 99999999999999999999\n",
    "no equals sign": "[server]\nworkers\n",
    "line too long": "[server]\ncontent = " + "x" * 70000 + "\n",
    "no section": "workers = 2\n",
    "open bracket": "[server\nworkers = 2\n",
    "bytes": "\x00\x01\x02\xff" * 100,
    "missing content": "[server]\ncontent = /nonexistent/content\n",
    "missing certificate folder": "[gemini]\ncertificate = server.ini/a.crt\nkey = server.ini/a.key\n",
    "bad address": "[gopher]\nlisten = 300.1.1.1:70\n",
    "nothing but a folder": None,
}


def test_every_kind_of_bad_config_is_survived_and_told(run):
    server = run()
    path = server.folder / "server.ini"
    good = path.read_bytes()
    with Readers(server):
        for kind, text in BAD.items():
            path.unlink()
            if text is None:
                path.mkdir()
            elif kind.startswith("missing") or kind == "bad address":
                path.write_bytes(merged(good.decode(), text))
            else:
                path.write_bytes(good + text.encode("latin-1"))
            before = len(server.log())
            try:
                reload(server, SETTLED)
            except AssertionError:
                pytest.fail(f"{kind}: {server.log()[before:]}")
            if path.is_dir():
                path.rmdir()
                path.touch()
        path.write_bytes(good)
        reload(server, "reloaded")
    until(lambda: sorted(server.children()) == ["editor", "worker 1", "worker 2"])


def merged(good, text):
    """good with the settings of text in place of its own."""
    section, *lines = text.splitlines()
    keys = {line.split(" = ")[0] for line in lines}
    out = []
    for line in good.splitlines():
        if line.split(" = ")[0] not in keys or not out or section not in [s for s in out if s.startswith("[")][-1:]:
            out.append(line)
        if line == section:
            out += lines
    return ("\n".join(out) + "\n").encode()


def test_killed_workers_take_down_only_what_they_held(run, often):
    server = run()
    readers, kills = 3, often(20, 200)
    rng = random.Random(1)
    with Readers(server, readers, allowed=kills * readers) as reading:
        for _ in range(kills):
            workers = until(lambda: [pid for name, pid in server.children().items() if name.startswith("worker")])
            os.kill(rng.choice(workers), signal.SIGKILL)
            begun = reading.requests
            until(lambda begun=begun: reading.requests > begun + rng.randrange(20), 30)
    print(f"\n{kills} kills: {len(reading.failures)} of {reading.requests} requests were held by a killed worker")
    until(lambda: version_of(server, "s0") == 1 and len(server.children()) == 3, 5)
