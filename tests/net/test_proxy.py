"""The PROXY protocol over real sockets: Gemini, Gopher and Gopher under TLS behind a proxy."""
import re
import socket
import struct
import time

import pytest

import clients
import smallweb
from papers import BIG
from running import until

BEHIND = {"server": {"log_addresses": "yes"}, "gemini": {"proxy": "127.0.0.0/8"}, "gopher": {"proxy": "127.0.0.1"}}
V1 = b"PROXY TCP4 192.0.2.7 127.0.0.1 40000 1965\r\n"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def v2(source="192.0.2.7", command=0x21, family=None, tail=b""):
    """A header of version 2; tail is what follows the addresses."""
    kind = socket.AF_INET6 if ":" in source else socket.AF_INET
    body = socket.inet_pton(kind, source) * 2 + struct.pack("!HH", 40000, 1965) + tail
    return SIGNATURE + struct.pack("!BBH", command, family or (0x21 if ":" in source else 0x11), len(body)) + body


def behind(port, header, cut=None):
    """A connection that a proxy has opened: header is sent at once, or in pieces of cut bytes."""
    stream = clients.connect(port)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for at in range(0, len(header), cut or len(header)):
        stream.sendall(header[at:at + (cut or len(header))])
        if cut:
            time.sleep(0.002)  # so that pieces arrive one by one; nothing depends on it
    return stream


def gopher(server, header, selector=b"/news/bench\r\n", cut=None):
    with behind(server.gopher, header, cut) as stream:
        stream.sendall(selector)
        return smallweb.read_all(stream)


def under_tls(port, header, request, cut=None):
    with smallweb.tls_context().wrap_socket(behind(port, header, cut), server_hostname="localhost",
                                            suppress_ragged_eofs=False) as tls:
        tls.sendall(request)
        return smallweb.read_all(tls)


def gemini(server, header, path="/", cut=None):
    return under_tls(server.gemini, header, clients.url(server.gemini, path), cut)


def logged(server, path):
    """The addresses in the access log's lines for path."""
    return [re.search(r"address=(\S+)", line).group(1) for line in server.access() if f'path="{path}"' in line]


@pytest.mark.parametrize("header, address", [
    (V1, "192.0.2.7"), (b"PROXY TCP6 2001:db8::7 ::1 40000 1965\r\n", "2001:db8::7"),
    (b"PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", "192.0.2.7"), (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
    (v2(), "192.0.2.7"), (v2("2001:db8::7"), "2001:db8::7"), (v2("::ffff:192.0.2.7"), "192.0.2.7"),
    (v2(tail=b"\x04\0\x03xyz"), "192.0.2.7"), (v2(command=0x20), "127.0.0.1"),
])
def test_client_behind_a_proxy_is_served_and_logged_in_every_protocol(run, header, address):
    server = run(BEHIND)
    assert gemini(server, header, "/news/bench").startswith(b"20 ")
    plain = gopher(server, header)
    assert b"A bench is mended" in plain
    assert under_tls(server.gopher, header, b"/news/bench\r\n") == plain
    until(lambda: logged(server, "/news/bench") == [address] * 3)


@pytest.mark.parametrize("header", [V1, v2(), v2("2001:db8::7", tail=b"\x04\0\x03xyz")])
def test_header_in_pieces_of_every_size_is_taken_off(run, header):
    server = run(BEHIND)
    for cut in (1, 2, 3, 5, 11, 12, 13, 15, 16, 17, len(header) - 1):
        assert b"A bench is mended" in gopher(server, header, cut=cut)
    assert gemini(server, header, cut=1).startswith(b"20 ")
    assert b"A bench is mended" in under_tls(server.gopher, header, b"/news/bench\r\n", cut=7)


def test_header_and_request_in_one_piece_lose_no_byte(run):
    server = run(BEHIND)
    for header in (V1, v2()):
        with clients.connect(server.gopher) as stream:
            stream.sendall(header + b"/news/big.bin\r\n")
            assert smallweb.read_all(stream) == BIG


@pytest.mark.parametrize("sent", [
    b"/\r\n", b"\r\n", b"PROXY\r\n", b"PROXY TCP4 192.0.2.7 127.0.0.1 1 65536\r\n", b"PROXY TCP4 a b 1 2\r\n",
    b"PROXY UNKNOWN " + b"x" * 200, SIGNATURE + b"\x21\x11\xff\xff", v2(command=0x31), v2(family=0x12),
    SIGNATURE + b"\x21\x11\0\x04abcd", b"\x16\x03\x01\0\x05hello", b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)),
])
def test_connection_without_a_good_header_is_closed_without_an_answer(run, sent):
    server = run({**BEHIND, "server": {"workers": 1}, "limits": {"handshake_time": 2, "request_time": 2}})
    for port in (server.gemini, server.gopher):
        with clients.connect(port) as stream:
            stream.sendall(sent)
            assert clients.is_ended(stream)
    assert b"A bench is mended" in gopher(server, V1)
    assert "ended" not in server.log()


def test_header_that_never_ends_meets_the_deadline(run):
    server = run({**BEHIND, "limits": {"request_time": 1, "handshake_time": 1}})
    for port in (server.gemini, server.gopher):
        for sent in (b"", V1[:20], v2()[:20]):
            begun = time.monotonic()
            with behind(port, sent or b"P") as stream:
                assert clients.is_ended(stream)
            assert time.monotonic() - begun < 5


def test_connection_from_elsewhere_is_closed_whatever_it_says(run):
    server = run({"gemini": {"proxy": "192.0.2.0/24"}, "gopher": {"proxy": "192.0.2.0/24, ::1"}})
    for port in (server.gemini, server.gopher):
        with behind(port, V1 + b"/\r\n") as stream:
            assert clients.is_ended(stream)


def test_header_where_no_proxy_is_configured_is_a_request_like_any_other(run):
    server = run({"server": {"log_addresses": "yes"}})
    assert gopher(server, V1, b"").startswith(b"3")
    until(lambda: "address=127.0.0.1" in "".join(server.access()))


def test_requests_are_counted_for_the_clients_and_not_for_the_proxy(run):
    server = run({**BEHIND, "limits": {"requests": 1, "burst": 2}})
    assert any(gopher(server, V1).startswith(b"3Too many requests") for _ in range(30))
    for client in range(30):
        assert b"A bench is mended" in gopher(server, v2(f"198.51.100.{client}"))


def test_connections_are_counted_for_the_clients_and_not_for_the_proxy(run):
    server = run({**BEHIND, "limits": {"per_address": 4}})
    held = [behind(server.gopher, v2("203.0.113.1")) for _ in range(4)]
    until(lambda: gopher(server, v2("203.0.113.1")).startswith(b"3Too many requests"))
    for _ in range(10):
        assert b"A bench is mended" in gopher(server, v2("203.0.113.2"))
    for stream in held:
        stream.close()
    until(lambda: b"A bench is mended" in gopher(server, v2("203.0.113.1")))


def test_exemption_is_of_the_client_and_not_of_the_proxy(run):
    server = run({**BEHIND, "limits": {"requests": 1, "burst": 1, "exempt": "127.0.0.0/8, 198.51.100.0/24"}})
    assert any(gopher(server, V1).startswith(b"3Too many requests") for _ in range(30))
    for _ in range(20):
        assert b"A bench is mended" in gopher(server, v2("198.51.100.9"))
        assert b"A bench is mended" in gopher(server, b"PROXY UNKNOWN\r\n")
