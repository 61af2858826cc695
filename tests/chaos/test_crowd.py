"""Thousands of idle connections and hundreds of slow ones, with the server's own limits, beside readers who are served."""
import itertools
import resource
import select
import socket
import ssl
import statistics
import threading
import time

import clients
import smallweb
from cost import KB, descriptors, memory, warm
from readers import ask_gemini, version_of
from running import until
from versions import version

PER_ADDRESS = 60  # the server lets one address hold 64
SECONDS = 30
HELLO = bytes.fromhex("16030100f5010000f10303")  # the start of a ClientHello
PROXY_V1 = b"PROXY TCP4 192.0.2.7 127.0.0.1 40000 70\r\n"
PROXY_V2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(12)


def addresses():
    """Of 127.0.0.0/8, each as often as one address may connect."""
    for number in itertools.count(2):
        yield from itertools.repeat(f"127.1.{number // 250}.{number % 250 + 1}", PER_ADDRESS)


class Client:
    """Says first, and then a byte of rest now and then until the server ends it."""

    def __init__(self, source, port, first=b"", rest=b""):
        self.stream = socket.socket()
        self.stream.settimeout(clients.SECONDS)
        self.stream.bind((source, 0))
        self.stream.connect(("127.0.0.1", port))
        self.stream.sendall(first)
        self.rest = iter(rest)
        self.started = time.monotonic()
        self.lived = None  # seconds until the end

    def secure(self):
        self.stream = smallweb.tls_context().wrap_socket(self.stream, server_hostname="localhost")
        return self

    def say(self, data):
        self.stream.sendall(data)
        return self

    def drip(self):
        byte = next(self.rest, None)
        if byte is None:
            return
        try:
            self.stream.send(bytes([byte]))
        except OSError:  # the end, which is seen to elsewhere
            self.rest = iter(b"")

    def look(self):
        """Something has come: an end?"""
        try:
            ended = not socket.socket.recv(self.stream, 65536, socket.MSG_DONTWAIT)
        except BlockingIOError:
            ended = False
        except OSError:
            ended = True
        if ended:
            self.lived = time.monotonic() - self.started


def slow_kinds(plain, proxied):
    """{kind: function that makes one from a source address}; plain and proxied are servers."""
    url = clients.url(plain.gemini, "/news/s0")
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = smallweb.tls_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    hello = outgoing.read()
    return {
        "half a ClientHello": lambda source: Client(source, plain.gemini, hello[:len(hello) // 2]),
        "the start of a ClientHello": lambda source: Client(source, plain.gemini, HELLO),
        "a ClientHello byte by byte": lambda source: Client(source, plain.gemini, b"", hello),
        "a ClientHello and nothing more": lambda source: Client(source, plain.gemini, hello),
        "nothing after the handshake": lambda source: Client(source, plain.gemini).secure(),
        "half a request": lambda source: Client(source, plain.gemini).secure().say(url[:12]),
        "a request without its end": lambda source: Client(source, plain.gemini).secure().say(url[:-2]),
        "a request byte by byte": lambda source: Client(source, plain.gemini, b"", url[:-2]).secure(),
        "a selector without its end": lambda source: Client(source, plain.gopher, b"/news/s0"),
        "a selector byte by byte": lambda source: Client(source, plain.gopher, b"", b"/news/s0" * 9),
        "half a PROXY line": lambda source: Client(source, proxied.gopher, PROXY_V1[:20]),
        "half a PROXY header": lambda source: Client(source, proxied.gemini, PROXY_V2[:20]),
        "a PROXY header byte by byte": lambda source: Client(source, proxied.gemini, b"", PROXY_V2),
        "nothing after a PROXY line": lambda source: Client(source, proxied.gopher, PROXY_V1),
        "nothing after a PROXY header": lambda source: Client(source, proxied.gemini, PROXY_V2),
    }


class Normal(threading.Thread):
    """Asks all the time, by both protocols in turn, and keeps how long each answer took."""

    def __init__(self, plain):
        super().__init__(daemon=True)
        self.plain, self.seconds, self.failures, self.is_over = plain, [], [], False

    def run(self):
        context = smallweb.tls_context()
        ways = itertools.cycle((lambda: ask_gemini(self.plain, "/news/s0", context)[2],
                                lambda: smallweb.gopher(self.plain.gopher, "/news/s0.txt")))
        while not self.is_over:
            begun = time.monotonic()
            try:
                assert version(next(ways)()) == 1
            except (OSError, AssertionError) as trouble:
                self.failures.append(trouble)
            self.seconds.append(time.monotonic() - begun)
            time.sleep(0.02)  # only to leave the processor to others

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.join()


def wait_for_ends(crowd):
    """Until the server has ended every one, or long after it should have."""
    waiting = select.epoll()
    left = {client.stream.fileno(): client for client in crowd}
    for number in left:
        waiting.register(number, select.EPOLLIN)
    dripping = list(crowd)
    end = time.monotonic() + SECONDS + 10
    while left and time.monotonic() < end:
        for number, _ in waiting.poll(0.5):
            left[number].look()
            if left[number].lived is not None:
                waiting.unregister(number)
                del left[number]
        for client in dripping:
            client.drip()
    waiting.close()


def idle_ports(plain, count):
    """In turn Gemini and Gopher."""
    return itertools.islice(itertools.cycle((plain.gemini, plain.gopher)), count)


def test_idle_and_slow_clients_are_ended_within_30_seconds_and_nobody_waits_for_them(run, often):
    idle, slow = often(1000, 5000), often(150, 500)
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert most > idle + slow + 500, f"this machine lets a process have {most} descriptors only"
    plain = run()
    proxied = run({"gemini": {"proxy": "127.0.0.0/8"}, "gopher": {"proxy": "127.0.0.0/8"}})
    warm(plain)
    start = descriptors(plain) + descriptors(proxied)
    before = memory(plain) + memory(proxied)
    source, crowd = addresses(), []
    kinds = slow_kinds(plain, proxied)
    try:
        with Normal(plain) as normal:
            crowd += [Client(next(source), port) for port in idle_ports(plain, idle)]
            crowd += [make(next(source)) for make in itertools.islice(itertools.cycle(kinds.values()), slow)]
            grown = memory(plain) + memory(proxied) - before
            held = descriptors(plain) + descriptors(proxied) - start
            wait_for_ends(crowd)
        lives = [client.lived for client in crowd if client.lived is not None]
        print(f"\n{idle} idle and {slow} slow clients of {len(kinds)} kinds, {held} at once, {grown / held / KB:.1f} KB "
              f"each: all ended after {max(lives):.1f} s; {len(normal.seconds)} normal requests meanwhile, "
              f"{statistics.median(normal.seconds) * 1000:.0f} ms in the middle, "
              f"{max(normal.seconds) * 1000:.0f} ms at the most")
        assert held > (idle + slow) * 0.9
        assert len(lives) == len(crowd), f"{len(crowd) - len(lives)} are still there"
        assert max(lives) < SECONDS
        assert not normal.failures, normal.failures[:3]
        assert statistics.median(normal.seconds) < 0.5
        assert len(normal.seconds) > 50
    finally:
        for client in crowd:
            client.stream.close()
    until(lambda: descriptors(plain) + descriptors(proxied) <= start)
    until(lambda: memory(plain) + memory(proxied) < before + (8 << 20))
    assert version_of(plain, "s0") == 1
    assert "accepting pauses" not in plain.log() + proxied.log()
