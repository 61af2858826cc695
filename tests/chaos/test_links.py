"""Honest clients on bad lines get every byte, in both protocols; dishonest ones who vanish cost little."""
import fcntl
import hashlib
import os
import socket
import ssl
import time

import pytest

import clients
import links
import smallweb
from cost import KB, descriptors, in_kernel, memory, patience, warm
from readers import version_of
from running import until
from versions import version

TCP_DATA_SEGMENTS = slice(152, 160)  # of struct tcp_info: tcpi_data_segs_in, tcpi_data_segs_out
SIOCOUTQNSD = 0x894B  # bytes that have not left yet
SMALLEST_SEGMENT = 88  # that Linux lets a client ask for


@pytest.fixture
def picture(paper):
    """picture(size) is a file of so many random bytes at /news/picture.bin."""
    def write(size):
        data = os.urandom(size)
        (paper / "news" / "picture.bin").write_bytes(data)
        return data
    return write


def digest(data):
    return hashlib.sha256(data).hexdigest()


def check_everything(server, data):
    """Article and file by both protocols, close_notify included."""
    begun = time.monotonic()
    assert version_of(server, "s0") == 1
    status, meta, body = smallweb.gemini(server.gemini, f"gemini://localhost:{server.gemini}/news/picture.bin")
    assert (status, meta) == (20, "application/octet-stream")
    assert digest(body) == digest(data)
    assert version(smallweb.gopher(server.gopher, "/news/s0.txt")) == 1
    assert digest(smallweb.gopher(server.gopher, "/news/picture.bin")) == digest(data)
    return time.monotonic() - begun


def test_every_fifth_packet_is_lost(run, picture, often, monkeypatch):
    """One packet that is lost three times in a row holds everything up for 21 s: nobody gives up sooner here."""
    data, rounds = picture(60000), often(1, 10)
    monkeypatch.setattr(smallweb, "SECONDS", 120)
    with links.line():
        server = run({"limits": {"handshake_time": 100, "request_time": 100}})
        links.lose(20)
        seconds = [check_everything(server, data) for _ in range(rounds)]
        packets = links.lost()
    print(f"\n20 % loss: {4 * rounds} replies whole though {packets} packets were lost, "
          f"{max(seconds):.1f} s for four at the most")
    assert packets > 10 * rounds


def test_line_of_9600_bits_a_second(run, picture, often):
    data = picture(often(6000, 60000))
    with links.line():
        server = run()
        links.crawl(9600)
        seconds = check_everything(server, data)
    print(f"\n9,600 bit/s: 2 files of {len(data)} bytes and 2 articles in {seconds:.0f} s")
    assert seconds > 2 * len(data) * 8 / 9600


def test_packets_of_296_bytes(run, picture):
    data = picture(60000)
    with links.line():
        links.shorten(296)
        server = run()
        with clients.connect(server.gopher) as stream:
            assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG) <= 296 - 40
        check_everything(server, data)


def test_slow_line_with_small_packets_that_are_lost(run, picture, often):
    data = picture(often(3000, 20000))
    with links.line():
        links.shorten(296)
        server = run()
        links.crawl(28800)
        links.lose(5)
        seconds = check_everything(server, data)
        assert links.lost() > 0
    print(f"\n28,800 bit/s, MTU 296, 5 % loss: 2 files of {len(data)} bytes and 2 articles in {seconds:.0f} s")


def fast_reader(server, by_tls):
    """It has read much, so that its line is taken for a good one, and reads on."""
    stream = clients.secure(server.gemini) if by_tls else clients.connect(server.gopher)
    stream.sendall(clients.url(server.gemini, "/news/picture.bin") if by_tls else b"/news/picture.bin\r\n")
    assert len(clients.read_exactly(stream, 1 << 20)) == 1 << 20
    return stream


@pytest.mark.parametrize("by_tls", [True, False])
def test_readers_that_vanish_cost_128_kilobytes_each_and_are_dropped(run, picture, often, by_tls):
    """They acknowledge nothing any more: all that was sent to them stays in the kernel."""
    picture(8 << 20)
    count = often(20, 100)
    with links.line():
        server = run({"limits": {"per_address": 1000, "progress_time": often(6, 60)}})
        warm(server)
        start, before = descriptors(server), memory(server)
        readers = [fast_reader(server, by_tls) for _ in range(count)]
        links.cut()
        for stream in readers:  # the kernel would go on acknowledging what comes
            stream.close()
        time.sleep(1)  # until all that goes has gone
        kernel, each = max(in_kernel(server)), (memory(server) - before) / count
        print(f"\n{count} readers that vanished: {each / KB:.0f} KB of a worker and at most {kernel / KB:.0f} KB of the "
              "kernel each", end="")
        assert each + kernel <= 128 * KB
        longest = patience(server, often(60, 120))
        print(f", dropped after {longest:.1f} s")
        assert longest < often(6, 60) + 5
        assert descriptors(server) == start
        server.stop()


def test_client_that_vanishes_with_nothing_said_is_let_go_at_once(run):
    """Its close_notify, which nobody will ever acknowledge, gets no time of a reader."""
    with links.line():
        server = run({"limits": {"handshake_time": 2, "request_time": 2, "progress_time": 60}})
        warm(server)
        start = descriptors(server)
        stream = clients.secure(server.gemini)
        until(lambda: descriptors(server) > start)
        links.cut()
        until(lambda: descriptors(server) == start, 20)
        stream.close()
        server.stop()


class ByteByByte:
    """A connection that sends and takes one byte at a time, below TLS if there is any."""

    def __init__(self, port):
        self.stream = socket.socket()
        self.stream.settimeout(clients.SECONDS)
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # the kernel's smallest
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALLEST_SEGMENT)
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream.connect(("127.0.0.1", port))
        self.sent = 0

    def send(self, data):
        for byte in data:
            self.stream.sendall(bytes([byte]))
            while fcntl.ioctl(self.stream, SIOCOUTQNSD, bytes(4)) != bytes(4):
                time.sleep(0.001)  # until it has left alone
        self.sent += len(data)

    def read(self):
        return self.stream.recv(1)

    def segments(self):
        """How many with data came and went."""
        counts = self.stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)[TCP_DATA_SEGMENTS]
        return int.from_bytes(counts[:4], "little"), int.from_bytes(counts[4:], "little")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()


def check_segments(link, received):
    came, went = link.segments()
    assert went >= link.sent, f"{link.sent} bytes went in {went} segments"
    assert came >= received / SMALLEST_SEGMENT, f"{received} bytes came in {came} segments"


def test_one_byte_a_segment_by_gopher(run, picture):
    data = picture(20000)
    server = run()
    with ByteByByte(server.gopher) as link:
        link.send(b"/news/picture.bin\r\n")
        got = b"".join(iter(link.read, b""))
        check_segments(link, len(got))
    assert digest(got) == digest(data)


def test_one_byte_a_segment_by_gemini(run, picture):
    data = picture(20000)
    server = run()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = smallweb.tls_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    received = 0

    with ByteByByte(server.gemini) as link:
        def exchange(step):
            """step's result, which the end of the connection must not come before."""
            nonlocal received
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    link.send(outgoing.read())
                byte = link.read()
                received += len(byte)
                incoming.write(byte) if byte else incoming.write_eof()

        exchange(tls.do_handshake)
        tls.write(clients.url(server.gemini, "/news/picture.bin"))
        got = b"".join(iter(lambda: exchange(lambda: tls.read(4096)), b""))  # an end without close_notify raises
        check_segments(link, received)
    assert digest(smallweb.split_gemini(got)[2]) == digest(data)
