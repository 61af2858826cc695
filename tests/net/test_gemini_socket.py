"""Gemini over real sockets: TLS, line ends, closing, deadlines, clients of every kind."""
import os
import socket
import ssl
import time

import pytest

import clients
import smallweb
from clients import ask_tls, secure, url
from papers import BIG
from running import until

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
SHORT = {"limits": {"handshake_time": 1, "request_time": 1, "progress_time": 2, "total_time": 30}}


def header(reply):
    return reply.split(b"\r\n", 1)[0]


@pytest.mark.parametrize("path,status", [
    ("/", 20), ("", 20), ("/news/", 20), ("/news/bench", 20), ("/news/bench.txt", 20), ("/news/big.bin", 20),
    ("/atom.xml", 20), ("/robots.txt", 20), ("/search", 10), ("/search?bench", 20), ("/news", 31),
    ("/nothing/here", 51), ("/../../etc/passwd", 51), ("/%2e%2e/x", 51), ("/%zz", 59), ("/%00", 59), ("/#part", 59),
])
@pytest.mark.parametrize("version", [V12, V13])
def test_every_kind_of_reply_ends_with_close_notify(run, version, path, status):
    server = run()
    reply = ask_tls(server.gemini, url(server.gemini, path), context=smallweb.tls_context(version, version))
    got, _, body = smallweb.split_gemini(reply)
    assert got == status
    assert status == 20 or body == b""


@pytest.mark.parametrize("request_line,status", [
    (b"\r\n", 59), (b"/\r\n", 59), (b"//localhost/\r\n", 59), (b"hello\r\n", 59), (b"localhost\r\n", 59),
    (b"gemini:///\r\n", 59), (b"gemini://\r\n", 59), (b"http://localhost/\r\n", 53), (b"https://localhost/\r\n", 53),
    (b"gopher://localhost/\r\n", 53), (b"gemini://other.example/\r\n", 53), (b"gemini://LOCALHOST/\r\n", 20),
    (b"gemini://localhost./\r\n", 20), (b"gemini://user@localhost/\r\n", 59), (b"gemini://@localhost/\r\n", 59),
    (b"gemini://localhost/#\r\n", 59), (b"\xef\xbb\xbfgemini://localhost/\r\n", 59), (b"gemini://localhost/\x00\r\n", 59),
    (b"gemini://localhost/\xff\r\n", 59), (b"gemini://localhost/ x\r\n", 59), (b"gemini://localhost/\n/\r\n", 59),
    (b"gemini://localhost/\r/\r\n", 59),
])
def test_torture(run, request_line, status):
    server = run({"server": {"workers": 1}})
    reply = ask_tls(server.gemini, request_line)
    assert header(reply)[:3] == b"%d " % status


@pytest.mark.parametrize("length,status", [(1023, 51), (1024, 51), (1025, 59), (1026, 59), (5000, 59)])
def test_request_of_1024_bytes_is_taken_and_one_more_is_not(run, length, status):
    server = run()
    start = b"gemini://localhost/"
    reply = ask_tls(server.gemini, start + b"a" * (length - len(start)) + b"\r\n")
    assert header(reply)[:3] == b"%d " % status


def test_line_that_can_only_be_too_long_is_refused_before_its_end(run):
    server = run()
    reply = ask_tls(server.gemini, b"gemini://localhost/" + b"a" * 1010)
    assert header(reply)[:3] == b"59 "


def test_request_that_ends_with_lf_only_gets_no_answer_but_a_close_notify(run):
    server = run(SHORT)
    begun = time.monotonic()
    assert ask_tls(server.gemini, b"gemini://localhost/\n") == b""
    assert 0.9 < time.monotonic() - begun < 3


def test_silence_after_the_handshake_ends_with_close_notify(run):
    server = run(SHORT)
    begun = time.monotonic()
    assert ask_tls(server.gemini, b"") == b""
    assert 0.9 < time.monotonic() - begun < 3


def test_client_that_drips_its_request_meets_the_deadline(run):
    server = run(SHORT)
    begun = time.monotonic()
    with secure(server.gemini) as tls:
        with pytest.raises((ConnectionError, ssl.SSLError)):
            while time.monotonic() - begun < 15:
                tls.sendall(b"g")
                time.sleep(0.3)
                tls.setblocking(False)
                try:
                    if tls.recv(1) == b"":
                        raise ConnectionError
                except ssl.SSLWantReadError:
                    pass
                tls.setblocking(True)
    assert 0.9 < time.monotonic() - begun < 3


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 32])
def test_handshake_that_never_ends_is_closed(run, sent):
    server = run(SHORT)
    begun = time.monotonic()
    with clients.connect(server.gemini) as stream:
        stream.sendall(sent)
        assert clients.is_ended(stream)
    assert 0.9 < time.monotonic() - begun < 3


def test_plain_text_to_the_tls_port_is_closed_and_hurts_nobody(run):
    server = run()
    for sent in (b"GET / HTTP/1.0\r\n\r\n", b"gemini://localhost/\r\n", b"\x00" * 5000, b"\x16\x03\x01\xff\xff"):
        with clients.connect(server.gemini) as stream:
            stream.sendall(sent)
            clients.half_close(stream)
            try:
                got = smallweb.read_all(stream)
            except ConnectionResetError:
                got = b""
            assert b"text/gemini" not in got
    assert header(ask_tls(server.gemini, url(server.gemini, "/")))[:3] == b"20 "


def test_request_byte_by_byte_is_answered(run):
    server = run()
    with secure(server.gemini) as tls:
        for byte in url(server.gemini, "/news/bench"):
            tls.sendall(bytes([byte]))
        assert header(smallweb.read_all(tls))[:3] == b"20 "


def test_tls_byte_by_byte_is_answered(run):
    """Every byte of the handshake and the request in a segment of its own."""
    server = run()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = smallweb.tls_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with clients.connect(server.gemini) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def exchange(step):
            while True:
                try:
                    result = step()
                except ssl.SSLWantReadError:
                    result = None
                for byte in outgoing.read():
                    stream.sendall(bytes([byte]))
                if result is not None:
                    return result
                incoming.write(stream.recv(65536))

        exchange(lambda: tls.do_handshake() or True)
        exchange(lambda: tls.write(url(server.gemini, "/")))
        assert exchange(lambda: tls.read(3)) == b"20 "


def test_half_close_after_the_request_gets_the_whole_file(run):
    server = run()
    with secure(server.gemini) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        clients.half_close(tls)
        assert smallweb.split_gemini(smallweb.read_all(tls))[2] == BIG


@pytest.mark.parametrize("version", [V12, V13])
def test_close_notify_right_after_the_request_still_gets_the_page(run, version):
    server = run()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = smallweb.tls_context(version, version).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with clients.connect(server.gemini) as stream:
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                stream.sendall(outgoing.read())
                incoming.write(stream.recv(65536))
        tls.write(url(server.gemini, "/"))
        with pytest.raises(ssl.SSLWantReadError):
            tls.unwrap()
        stream.sendall(outgoing.read())
        reply = smallweb.read_all(stream)
    assert len(reply) > 500  # more than an alert: the page, which a client that has said goodbye cannot decrypt here


def test_bytes_behind_the_request_do_not_cut_a_large_reply(run):
    server = run()
    for extra in (b"x", b"second request\r\n" * 2, b"y" * 30000):
        reply = ask_tls(server.gemini, url(server.gemini, "/news/big.bin") + extra)
        assert smallweb.split_gemini(reply)[2] == BIG


def test_second_request_is_never_answered(run):
    server = run()
    reply = ask_tls(server.gemini, url(server.gemini, "/nothing") + url(server.gemini, "/about"))
    assert reply.count(b"\r\n") == 1 and reply[:3] == b"51 "


def test_reset_in_the_middle_of_a_reply_is_logged_as_incomplete(run):
    server = run({"server": {"workers": 1}})
    tls = secure(server.gemini, receive_buffer=4096)
    tls.sendall(url(server.gemini, "/news/big.bin"))
    clients.read_exactly(tls, 1000)
    clients.reset(tls)
    line = until(lambda: next((line for line in server.access() if "big.bin" in line), None))
    assert "complete=no" in line
    assert header(ask_tls(server.gemini, url(server.gemini, "/")))[:3] == b"20 "
    assert "ended" not in server.log()


def test_slow_reader_gets_every_byte(run):
    server = run({"limits": {"progress_time": 2}})
    with secure(server.gemini, receive_buffer=4096) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        got, begun = b"", time.monotonic()
        while True:
            piece = tls.recv(16384)
            if not piece:
                break
            got += piece
            if time.monotonic() - begun < 4:  # twice the time for progress
                time.sleep(0.05)
    assert smallweb.split_gemini(got)[2] == BIG


def test_reader_that_stalls_is_dropped(run):
    server = run({"server": {"workers": 1}, "limits": {"progress_time": 1}})
    with secure(server.gemini, receive_buffer=4096) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        line = until(lambda: next((line for line in server.access() if "big.bin" in line), None), 5)
        assert "complete=no" in line
        with pytest.raises((ConnectionResetError, ssl.SSLError)):
            smallweb.read_all(tls)


def test_reader_that_drips_meets_the_total_deadline(run):
    server = run({"server": {"workers": 1}, "limits": {"progress_time": 2, "total_time": 4}})
    begun = time.monotonic()
    with secure(server.gemini, receive_buffer=4096) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        with pytest.raises((ConnectionResetError, ssl.SSLError)):
            while True:
                assert tls.recv(2000)
                time.sleep(0.05)
    assert 3.5 < time.monotonic() - begun < 8


def test_half_sent_request_does_not_hold_up_another_client(run):
    server = run({"server": {"workers": 1}})
    with secure(server.gemini) as waiting, clients.connect(server.gemini):
        waiting.sendall(b"gemini://local")
        begun = time.monotonic()
        assert header(ask_tls(server.gemini, url(server.gemini, "/")))[:3] == b"20 "
        assert time.monotonic() - begun < 1
        waiting.sendall(b"host/\r\n")
        assert header(smallweb.read_all(waiting))[:3] == b"20 "


@pytest.mark.parametrize("version", [V12, V13])
def test_tls_1_2_and_1_3_are_spoken(run, version):
    server = run()
    with secure(server.gemini, smallweb.tls_context(version, version)) as tls:
        assert tls.version() == version.name.replace("_", ".")
        assert "AES_128_GCM" in tls.cipher()[0] or "AES128-GCM" in tls.cipher()[0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_1_1_is_refused(run):
    server = run()
    context = smallweb.tls_context()
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        secure(server.gemini, context)


def test_client_without_a_server_name_is_answered(run):
    server = run()
    assert header(ask_tls(server.gemini, url(server.gemini, "/"), server_name=None))[:3] == b"20 "


def test_server_name_of_another_paper_here_is_refused_with_53(run):
    server = run()
    reply = ask_tls(server.gemini, url(server.gemini, "/"), server_name="second.example")
    assert header(reply)[:3] == b"53 "
    reply = ask_tls(server.gemini, url(server.gemini, "/", "second.example"), server_name="second.example")
    assert header(reply)[:3] == b"20 "


@pytest.mark.parametrize("version", [V12, V13])
def test_sessions_resume_with_any_worker(run, version):
    server = run({"server": {"workers": 2}})
    context = smallweb.tls_context(version, version)
    with secure(server.gemini, context) as tls:
        tls.sendall(url(server.gemini, "/"))
        smallweb.read_all(tls)
        session = tls.session
    for _ in range(10):  # the kernel spreads these over both
        with secure(server.gemini, context, session=session) as tls:
            tls.sendall(url(server.gemini, "/"))
            assert header(smallweb.read_all(tls))[:3] == b"20 "
            assert tls.session_reused
    until(lambda: sum("resumed=yes" in line for line in server.access()) == 10)


@pytest.mark.parametrize("version", [V12, V13])
def test_resumed_handshake_does_not_wait_for_a_delayed_acknowledgement(run, version):
    """A client that gathers small writes (Nagle) sends its request when its Finished is acknowledged."""
    server = run()
    context = smallweb.tls_context(version, version)
    session, times = None, []
    for _ in range(11):
        begun = time.monotonic()
        with secure(server.gemini, context, session=session) as tls:
            tls.sendall(url(server.gemini, "/about"))
            smallweb.read_all(tls)
            session = session or tls.session
        times.append(time.monotonic() - begun)
    assert sorted(times)[5] < 0.03


@pytest.mark.parametrize("version", [V12, V13])
def test_resumed_session_keeps_its_server_name(run, version):
    server = run()
    context = smallweb.tls_context(version, version)
    with secure(server.gemini, context, server_name="second.example") as tls:
        tls.sendall(url(server.gemini, "/", "second.example"))
        smallweb.read_all(tls)
        session = tls.session
    with secure(server.gemini, context, server_name="second.example", session=session) as tls:
        tls.sendall(url(server.gemini, "/"))
        assert header(smallweb.read_all(tls))[:3] == b"53 "
        assert tls.session_reused


def test_client_with_too_many_connections_is_told_to_slow_down(run):
    server = run({"limits": {"per_address": 3}})
    held = [secure(server.gemini) for _ in range(3)]
    assert header(ask_tls(server.gemini, url(server.gemini, "/")))[:3] == b"44 "
    for tls in held:
        tls.close()
    until(lambda: header(ask_tls(server.gemini, url(server.gemini, "/")))[:3] == b"20 ")


def test_access_log_tells_of_each_reply_without_words_and_addresses(run):
    server = run()
    ask_tls(server.gemini, url(server.gemini, "/search?secret"))
    line = until(server.access)[0]
    assert "proto=gemini" in line and 'path="/search"' in line and "status=20" in line and "complete=yes" in line
    assert "tls=TLSv1.3" in line and "secret" not in line and "127.0.0.1" not in line


def test_descriptors_return_to_the_start(run):
    server = run({"server": {"workers": 1}})
    folder = f"/proc/{server.children()['worker 1']}/fd"
    ask_tls(server.gemini, url(server.gemini, "/"))

    def count():
        return len(os.listdir(folder))

    time.sleep(0.1)
    before = count()
    for path in ("/", "/news/big.bin", "/nothing"):
        for _ in range(10):
            ask_tls(server.gemini, url(server.gemini, path))
            clients.connect(server.gemini).close()
            clients.reset(secure(server.gemini))
            stream = secure(server.gemini)
            stream.sendall(url(server.gemini, path))
            clients.reset(stream)
    until(lambda: count() <= before, 6)
