"""Reloads, new certificates, bad settings and dying workers while the paper is read."""
import os
import random
import signal
import subprocess
import threading
import time

import pytest

import clients
import smallweb
from clients import secure
from readers import Readers, version_of
from running import until

SETTLED = "the old settings stay"


def certificate_of(server):
    with secure(server.gemini) as tls:
        return tls.getpeercert(binary_form=True)


def make_certificate(folder):
    """new.key and new.crt, beside those that are used."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "9",
                    "-keyout", folder / "new.key", "-out", folder / "new.crt"], check=True, capture_output=True)
    (folder / "new.key").chmod(0o600)


def change(server, words, *replace, tell):
    """Puts new files in place and waits until the log says words once more."""
    before = server.log().count(words)
    for end in replace:
        (server.folder / f"new.{end}").rename(server.folder / f"site.{end}")
    if tell:
        server.signal(signal.SIGHUP)
    until(lambda: server.log().count(words) > before, 30)


def break_certificate(server, fault, tell, rng):
    """A key without its certificate, or a certificate that ends early, is refused."""
    make_certificate(server.folder)
    path = server.folder / "new.crt"
    whole = path.read_bytes()
    if fault == "cut":
        path.write_bytes(whole[:rng.randrange(10, len(whole) - 60)])
    change(server, SETTLED, "crt" if fault == "cut" else "key", tell=tell)


def reload(server, words):
    """Sends SIGHUP and waits until the log says words once more."""
    before = server.log().count(words)
    server.signal(signal.SIGHUP)
    until(lambda: server.log().count(words) > before, 20)


def test_reloads_fail_no_request(run, often):
    server = run()
    with Readers(server) as reading:
        for _ in range(often(10, 100)):
            reload(server, "reloaded")
    print(f"\n{often(10, 100)} reloads: {len(reading.failures)} of {reading.requests} requests failed")
    until(lambda: sorted(server.children()) == ["editor", "worker 1", "worker 2"], 30)


@pytest.mark.parametrize("tell", [True, False], ids=["by SIGHUP", "by itself"])
def test_certificates_change_under_load_and_broken_ones_are_survived(run, often, tell):
    server, rng, faults = run(), random.Random(3), 0
    with Readers(server) as reading:
        shown = certificate_of(server)
        for number in range(often(5, 50)):
            fault = {1: "mismatched", 3: "cut"}.get(number % 5)
            if fault:
                break_certificate(server, fault, tell, rng)
                faults += 1
                assert certificate_of(server) == shown
            make_certificate(server.folder)
            change(server, "reloaded", "key", "crt", tell=tell)
            until(lambda old=shown: certificate_of(server) != old)
            shown = certificate_of(server)
    print(f"\n{number + 1} new certificates, {faults} of them after broken ones: "
          f"{len(reading.failures)} of {reading.requests} requests failed")


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
    rng, killed = random.Random(1), []
    with Readers(server, readers, allowed=kills * readers) as reading:
        for _ in range(kills):
            workers = until(lambda: [pid for name, pid in server.children().items() if name.startswith("worker")])
            killed.append(time.monotonic())
            os.kill(rng.choice(workers), signal.SIGKILL)
            begun = reading.requests
            until(lambda begun=begun: reading.requests > begun + rng.randrange(20), 30)
    print(f"\n{kills} kills: {len(reading.failures)} of {reading.requests} requests were held by a killed worker")
    for (begun, ended), failure in zip(reading.spans, reading.failures):
        assert any(begun <= moment <= ended for moment in killed), f"{failure} while nobody was killed"
    until(lambda: version_of(server, "s0") == 1 and len(server.children()) == 3, 5)


def test_sigterm_lets_downloads_finish(run, paper, often):
    """Each of them is in the middle of a megabyte that does not fit into the socket."""
    data = random.Random(4).randbytes(1 << 20)
    (paper / "news/big.bin").write_bytes(data)
    server = run()
    got, begun = {}, threading.Semaphore(0)
    ended = threading.Event()

    def download(number):
        stream = (secure if number % 2 else clients.connect)(server.gemini if number % 2 else server.gopher,
                                                              receive_buffer=4096)
        with stream:
            stream.sendall(clients.url(server.gemini, "/news/big.bin") if number % 2 else b"/news/big.bin\r\n")
            reply = clients.read_exactly(stream, 1000)
            begun.release()
            ended.wait(60)
            reply += smallweb.read_all(stream)
            got[number] = reply[-len(data):]

    threads = [threading.Thread(target=download, args=(number,)) for number in range(often(10, 40))]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert begun.acquire(timeout=60)
    server.process.terminate()
    moment = time.monotonic()
    until(lambda: "finishing" in server.log())
    ended.set()
    for thread in threads:
        thread.join()
    code = server.wait(30)
    print(f"\n{len(threads)} downloads finished after SIGTERM, exit {code} after {time.monotonic() - moment:.1f} s")
    assert code == 0 and time.monotonic() - moment < 15
    assert [got.get(number) == data for number in range(len(threads))] == [True] * len(threads)
