"""Hundreds of clients that are slow or silent in every way, and one that is not."""
import pathlib
import signal
import socket
import ssl
import time

import pytest

import clients
import smallweb
from readers import version_of
from running import until

SETTINGS = {"limits": {"per_address": 5000, "handshake_time": 2, "request_time": 2, "progress_time": 3, "total_time": 9}}
HELLO = bytes.fromhex("16030100f5010000f10303")  # the start of a ClientHello


def sent(port, data):
    stream = clients.connect(port)
    stream.sendall(data)
    return stream


def sent_tls(server, data, **how):
    stream = clients.secure(server.gemini, **how)
    stream.sendall(data)
    return stream


KINDS = {
    "before the handshake": lambda server: clients.connect(server.gemini),
    "half a ClientHello": lambda server: sent(server.gemini, HELLO),
    "after the handshake": lambda server: clients.secure(server.gemini),
    "no line end": lambda server: sent_tls(server, b"gemini://localhost/"),
    "silent on Gopher": lambda server: clients.connect(server.gopher),
    "no line end on Gopher": lambda server: sent(server.gopher, b"/news/"),
    "reads nothing": lambda server: sent_tls(server, clients.url(server.gemini, "/news/big.bin"), receive_buffer=4096),
    "reads nothing of Gopher": lambda server: sent_slow(server),
    "drips": lambda server: sent(server.gopher, b"/"),
}


def sent_slow(server):
    stream = clients.connect(server.gopher, 4096)
    stream.sendall(b"/news/big.bin\r\n")
    return stream


def drip(streams):
    for stream in streams:
        try:
            stream.send(b"x")
        except OSError:
            pass


def is_over(stream):
    """Whether the server has ended it, whatever it sent before."""
    stream.setblocking(False)
    try:
        while True:
            if not socket.socket.recv(stream, 65536):
                return True
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True


def workers(server):
    return [pid for name, pid in server.children().items() if name.startswith("worker")]


def descriptors(server):
    return sum(len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir())) for pid in workers(server))


def memory(server):
    """Bytes that the workers have for themselves."""
    total = 0
    for pid in workers(server):
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_"):
                total += int(line.split()[1]) * 1024
    return total


@pytest.fixture
def big(paper):
    (paper / "news" / "big.bin").write_bytes(bytes(16 << 20))
    return paper


def test_slow_and_silent_clients_hinder_nobody_and_leave_nothing_behind(run, big, often):
    server = run(SETTINGS)
    for _ in range(20):
        version_of(server, "s0")
    start = until(lambda: descriptors(server))
    streams, dripping = [], []
    slowest = 0.0
    for number in range(often(40, 60)):
        for kind, make in KINDS.items():
            stream = make(server)
            (dripping if kind == "drips" else streams).append(stream)
        begun = time.monotonic()
        assert version_of(server, "s0") == 1
        slowest = max(slowest, time.monotonic() - begun)
        drip(dripping)
        if number == 0:
            first = memory(server)
    most = memory(server)
    left = [*dripping, *streams]
    begun = time.monotonic()
    while descriptors(server) > start:
        assert time.monotonic() - begun < 30, f"{descriptors(server)} descriptors, {start} at the start"
        drip(dripping)
        asked = time.monotonic()
        assert version_of(server, "s0") == 1
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.05)  # only to leave the processor to others
    print(f"\n{len(left)} slow clients: a normal one answered within {slowest:.2f} s, all ended after "
          f"{time.monotonic() - begun:.1f} s, {(most - first) / len(left) / 1024:.0f} KB each")
    assert slowest < 1
    for stream in left:
        assert stream in dripping or stream.fileno() == -1 or reads_nothing(stream) or is_over(stream)
        stream.close()
    assert (most - first) / len(left) < 128 * 1024
    until(lambda: memory(server) < first + (8 << 20))


def reads_nothing(stream):
    """What was sent to it before the end is still to be read."""
    return stream.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) <= 16384


def test_thousand_held_connections_cost_32_kilobytes_each_and_are_all_answered(run, often):
    server = run({"limits": {"per_address": 5000, "request_time": 60, "handshake_time": 60}})
    context = smallweb.tls_context()
    for _ in range(20):
        version_of(server, "s0")
    before, count = memory(server), often(400, 1000)
    held = [clients.secure(server.gemini, context) for _ in range(count)]
    try:
        each = (memory(server) - before) / count
        print(f"\n{count} TLS connections: {each / 1024:.1f} KB each")
        begun = time.monotonic()
        assert version_of(server, "s0") == 1
        assert time.monotonic() - begun < 1
        for stream in held:
            stream.sendall(clients.url(server.gemini, "/news/"))
            assert smallweb.split_gemini(smallweb.read_all(stream))[0] == 20
        assert each <= 32 * 1024
    finally:
        for stream in held:
            stream.close()


def test_connections_queued_while_the_workers_are_stopped_are_all_answered(run, often):
    server = run({"limits": {"per_address": 5000}})
    for name in ("worker 1", "worker 2"):
        server.signal(signal.SIGSTOP, name)
    waiting = []
    try:
        for _ in range(often(200, 400)):
            waiting.append(sent(server.gopher, b"/news/s0.txt\r\n"))
    finally:
        for name in ("worker 1", "worker 2"):
            server.signal(signal.SIGCONT, name)
    for stream in waiting:
        assert b"Checksum" in smallweb.read_all(stream)
        stream.close()
