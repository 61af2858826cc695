"""Hundreds of clients that are slow or silent in every way, and one that is not."""
import os
import signal
import socket
import ssl
import time

import pytest

import clients
import smallweb
from cost import KB, descriptors, in_kernel, memory, patience, warm
from readers import version_of
from running import until
from versions import version

SETTINGS = {"limits": {"per_address": 5000, "handshake_time": 2, "request_time": 2, "progress_time": 3, "total_time": 9}}
HELLO = bytes.fromhex("16030100f5010000f10303")  # the start of a ClientHello


def sent(port, data, receive_buffer=None):
    stream = clients.connect(port, receive_buffer)
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
    "reads nothing of Gopher": lambda server: sent(server.gopher, b"/news/big.bin\r\n", 4096),
    "drips": lambda server: sent(server.gopher, b"/"),
    "reads in drips": lambda server: sent(server.gopher, b"/news/big.bin\r\n", 4096),
    "reads in drips by TLS": lambda server: sent_tls(server, clients.url(server.gemini, "/news/big.bin"),
                                                     receive_buffer=4096),
}


def drip(streams):
    """A byte to the server, and a little from it."""
    for stream in streams:
        stream.settimeout(0)
        try:
            socket.socket.send(stream, b"x")
            socket.socket.recv(stream, 2000)
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


@pytest.fixture
def big(paper):
    (paper / "news" / "big.bin").write_bytes(bytes(16 << 20))
    return paper


def test_slow_and_silent_clients_hinder_nobody_and_leave_nothing_behind(run, big, often):
    server = run(SETTINGS)
    warm(server)
    start = descriptors(server)
    streams, dripping = [], []
    slowest = 0.0
    for number in range(often(40, 60)):
        for kind, make in KINDS.items():
            stream = make(server)
            (dripping if "drips" in kind else streams).append(stream)
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
    warm(server)
    before, count = memory(server), often(400, 1000)
    held = [clients.secure(server.gemini, context) for _ in range(count)]
    try:
        each = (memory(server) - before) / count
        begun = time.monotonic()
        assert version_of(server, "s0") == 1
        print(f"\n{count} TLS connections: {each / KB:.1f} KB each; one more client answered in "
              f"{time.monotonic() - begun:.3f} s")
        for stream in held:
            stream.sendall(clients.url(server.gemini, "/news/"))
        for stream in held:
            assert smallweb.split_gemini(smallweb.read_all(stream))[0] == 20
        assert each <= 32 * KB
    finally:
        for stream in held:
            stream.close()


def everybody(server):
    return [server.process.pid, *server.children().values()]


def test_connections_queued_while_the_server_is_stopped_are_all_answered(run, often):
    """By both protocols; a ClientHello that waits has been sent, and a Gopher client has even ended its side."""
    server = run({"limits": {"per_address": 5000}})
    stopped, waiting = everybody(server), []
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        for _ in range(often(100, 200)):
            stream = sent(server.gopher, b"/news/s0.txt\r\n")
            clients.half_close(stream)
            waiting.append((stream, None))
            stream = clients.connect(server.gemini)
            hello = Hello()
            stream.sendall(hello.first)
            waiting.append((stream, hello))
        time.sleep(2)  # longer than it takes the supervisor to wonder
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    begun = time.monotonic()
    for stream, hello in waiting:
        reply = hello.ask(stream, clients.url(server.gemini, "/news/s0")) if hello else smallweb.read_all(stream)
        assert version(reply) == 1
        stream.close()
    print(f"\n{len(waiting)} connections that waited were answered in {time.monotonic() - begun:.1f} s")
    assert "ended" not in server.log()


class Hello:
    """A TLS handshake whose first word is ready before anybody listens."""

    def __init__(self):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = smallweb.tls_context().wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        with pytest.raises(ssl.SSLWantReadError):
            self.tls.do_handshake()
        self.first = self.outgoing.read()

    def step(self, stream, step):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                stream.sendall(self.outgoing.read())
            piece = stream.recv(65536)
            self.incoming.write(piece) if piece else self.incoming.write_eof()

    def ask(self, stream, request):
        self.step(stream, self.tls.do_handshake)
        self.tls.write(request)
        return b"".join(iter(lambda: self.step(stream, lambda: self.tls.read(65536)), b""))


STALLED = {  # (by TLS, receive buffer, bytes read first)
    "of Gemini": (True, None, 0),
    "of Gemini with a small window": (True, 4096, 0),
    "of Gemini that read fast at first": (True, None, 3 << 20),
    "of Gopher": (False, None, 0),
    "of Gopher with a small window": (False, 4096, 0),
    "of Gopher that read fast at first": (False, None, 3 << 20),
}


def stalled(server, by_tls, receive_buffer, first):
    stream = (sent_tls(server, clients.url(server.gemini, "/news/big.bin"), receive_buffer=receive_buffer) if by_tls
              else sent(server.gopher, b"/news/big.bin\r\n", receive_buffer))
    while first > 0:
        first -= len(stream.recv(65536))
    return stream


@pytest.mark.parametrize("kind", STALLED)
def test_stalled_readers_cost_128_kilobytes_each_and_are_dropped(run, big, often, kind):
    """The memory of the workers, and what the kernel keeps to be sent."""
    server = run({"limits": {"per_address": 5000, "progress_time": often(6, 60)}})
    warm(server)
    start, before, count = descriptors(server), memory(server), often(60, 100)
    readers = [stalled(server, *STALLED[kind]) for _ in range(count)]
    try:
        time.sleep(1)  # until all that goes has gone
        kept, grown = in_kernel(server), memory(server) - before
        each, kernel = grown / count, max(kept)
        print(f"\n{count} stalled readers {kind}: {each / KB:.0f} KB of a worker and at most {kernel / KB:.0f} KB of "
              "the kernel each", end="")
        assert len(kept) == count
        assert each + kernel <= 128 * KB
        longest = patience(server, often(60, 120))
        print(f", dropped {longest:.1f} s after the last byte that they took")
        assert longest < often(6, 60) + 5
        assert descriptors(server) == start
        until(lambda: memory(server) < before + (4 << 20))
        assert version_of(server, "s0") == 1
    finally:
        for stream in readers:
            stream.close()
