"""Memory that runs out: every allocation of a request fails in its turn, in OpenSSL and SQLite as well as in our code."""
import mmap
import os
import pathlib
import ssl
import struct
import time

import pytest

import clients
import smallweb
from running import until

FIELDS = "IIiII"  # struct fault of tests/inject/failing.c
WORKERS = 4
SECONDS = 15  # a request that takes longer hangs
MOST = 5000   # allocations of one request; a count that passes this is a test that has run wild
BIG = bytes(i * 11 % 251 for i in range(200_000))


class Fault:
    """The file through which the allocations of a server are made to fail."""

    def __init__(self, path):
        path.write_bytes(bytes(4096))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 4096)

    def arm(self, nth, and_more=False):
        self.memory[:struct.calcsize(FIELDS)] = struct.pack(FIELDS, 0, int(and_more), 0, 0, 0)
        self.memory[:4] = struct.pack("I", nth)

    def disarm(self):
        """Whether it has fired, and how many allocations there were."""
        self.memory[:4] = bytes(4)
        _, _, owner, count, fired = struct.unpack_from(FIELDS, self.memory)
        assert owner or not fired
        return bool(fired), count


@pytest.fixture
def faulty(run, paper, tidings, tmp_path, monkeypatch):
    """(server, fault): a server whose allocations can be made to fail."""
    library = pathlib.Path(tidings).parent / "inject" / "failing.so"
    assert library.exists(), f"{library} is not built (make injections)"
    (paper / "news" / "big.bin").write_bytes(BIG)
    fault = Fault(tmp_path / "fault")
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("TIDINGS_FAULT", str(tmp_path / "fault"))
    server = run({"server": {"workers": WORKERS}, "limits": {"per_address": 8}})
    monkeypatch.delenv("LD_PRELOAD")
    return server, fault


def ask(make, request):
    """(bytes of the reply, whether it ended as it should) over the connection that make() makes."""
    got, whole = b"", False
    try:
        with make() as stream:
            stream.sendall(request)
            while piece := stream.recv(65536):
                got += piece
            whole = True
    except TimeoutError:
        raise
    except (OSError, ssl.SSLError):  # cut, which the client sees
        pass
    return got, whole


def by_gemini(path):
    context = smallweb.tls_context()
    return lambda server: ask(lambda: clients.secure(server.gemini, context), clients.url(server.gemini, path))


def by_resumption(path):
    """With the session of a first request, which every worker knows."""
    context, sessions = smallweb.tls_context(), {}

    def request(server):
        if server not in sessions:
            with clients.secure(server.gemini, context) as stream:
                stream.sendall(clients.url(server.gemini, path))
                smallweb.read_all(stream)
                sessions[server] = stream.session
        return ask(lambda: clients.secure(server.gemini, context, session=sessions[server]),
                   clients.url(server.gemini, path))
    return request


def by_gopher(selector):
    return lambda server: ask(lambda: clients.connect(server.gopher), selector.encode() + b"\r\n")


def patiently(request):
    """A search has 100 ms, which a machine with much to do may not give it; it says so then, and is asked again."""
    def again(server):
        for _ in range(20):
            reply, whole = request(server)
            if b"took too long" not in reply:
                break
        return reply, whole
    return again


def is_gemini_error(reply):
    return reply[:1] in b"4" and reply.endswith(b"\r\n")


def is_gopher_error(reply):
    return reply[:1] == b"3"


WAYS = {
    "article by Gemini": (by_gemini("/news/s0"), is_gemini_error),
    "resumed session": (by_resumption("/news/s0"), is_gemini_error),
    "front page by Gemini": (by_gemini("/"), is_gemini_error),
    "feed by Gemini": (by_gemini("/news/atom.xml"), is_gemini_error),
    "search by Gemini": (patiently(by_gemini("/search?bench")), is_gemini_error),
    "download by Gemini": (by_gemini("/news/big.bin"), is_gemini_error),
    "menu by Gopher": (by_gopher("/news/"), is_gopher_error),
    "article by Gopher": (by_gopher("/news/s0"), is_gopher_error),
    "search by Gopher": (patiently(by_gopher("/search\tbench")), is_gopher_error),
    "download by Gopher": (by_gopher("/news/big.bin"), is_gopher_error),
}


def descriptors(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except FileNotFoundError:
        return 0


def workers(server):
    return [pid for name, pid in server.children().items() if name.startswith("worker")]


def check_reply(nth, good, reply, whole, is_error):
    """Right, or an error that is known as one, or cut so that what there is of it is right."""
    if whole and (reply == good or is_error(reply)):
        return
    same = len(os.path.commonprefix([good, reply]))
    assert good.startswith(reply), (f"allocation {nth}: {len(reply)} bytes of {len(good)}, from {same} on "
                                    f"{reply[max(0, same - 60):same + 200]!r} for {good[same:same + 200]!r}")


@pytest.mark.parametrize("and_more", [False, True], ids=["one", "and all after it"])
@pytest.mark.parametrize("way", WAYS)
def test_every_allocation_of_a_request_may_fail(faulty, often, way, and_more):
    server, fault = faulty
    request, is_error = WAYS[way]
    good, whole = request(server)
    assert whole and len(good) > 100
    for _ in range(4 * WORKERS):  # everybody has had one
        assert request(server) == (good, True)
    until(lambda: len(set(map(descriptors, workers(server)))) == 1)
    usual = descriptors(workers(server)[0])
    supervisor, step = server.process.pid, often(29 if and_more else 7, 3 if and_more else 1)
    nth, untouched, slowest, cut, errors = 1, 0, 0.0, 0, 0
    while untouched < 3:  # a new worker has more to do than one that has answered before
        begun = time.monotonic()
        fault.arm(nth, and_more)
        reply, whole = request(server)
        fired, count = fault.disarm()
        if fired:
            check_reply(nth, good, reply, whole, is_error)
            untouched = 0
            cut += not whole
            errors += whole and reply != good
        else:
            assert (reply, whole) == (good, True), f"{count} allocations, none of which failed"
            untouched += 1
        assert request(server) == (good, True), f"after allocation {nth}"
        slowest = max(slowest, time.monotonic() - begun)
        for pid in workers(server):
            until(lambda pid=pid: descriptors(pid) <= usual)
        nth += step
        assert nth < MOST
    ends = server.log().count("ended with exit code 1")
    print(f"\n{way}: {nth - 3 * step} allocations in steps of {step}; {cut} requests cut, {errors} answered with an "
          f"error, {ends} workers ended; the slowest two requests took {slowest:.2f} s")
    assert server.process.pid == supervisor and server.process.poll() is None
    assert "was ended by signal" not in server.log()
    assert slowest < SECONDS
