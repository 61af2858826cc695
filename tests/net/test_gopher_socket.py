"""Gopher over real sockets: sloppy selectors, closing, deadlines, and TLS by its first byte."""
import ssl
import time

import pytest

import clients
import smallweb
from clients import ask, ask_tls
from papers import BIG
from running import until

SHORT = {"limits": {"handshake_time": 1, "request_time": 1, "progress_time": 2, "total_time": 30}}


@pytest.mark.parametrize("selector", [b"\r\n", b"/\r\n", b"\n", b"/\n", b"1/\r\n", b"//\r\n", b"\t\r\n"])
def test_front_page_is_given_for_every_spelling(run, selector):
    server = run()
    reply = ask(server.gopher, selector)
    assert reply.startswith(b"iThe Socket Courier\t")
    smallweb.menu_items(reply)


@pytest.mark.parametrize("selector", [b"/news/bench\r\n", b"/news/bench\n", b"news/bench\r\n", b"//news//bench\r\n"])
def test_article_is_given_for_every_spelling(run, selector):
    server = run()
    assert b"A bench is mended" in ask(server.gopher, selector)


@pytest.mark.parametrize("selector", [
    b"/nothing\r\n", b"/../../etc/passwd\r\n", b"/\x00\r\n", b"/\xff\xfe\r\n", b"/a\rb\r\n", b"\x1b[2J\r\n",
    b"/" + b"a" * 254 + b"\r\n", b"/" + b"a" * 255 + b"\r\n", b"a" * 100000, b"/search\tbench\t+\r\n", b"/\t!\r\n",
    b"/\t$\r\n", b"/\t+\r\n", b"URL:http://example.org/\r\n", b"URL:javascript:alert(1)\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x80" * 300 + b"\r\n",
])
def test_hostile_selector_gets_an_answer_and_an_orderly_end(run, selector):
    server = run({"server": {"workers": 1}})
    reply = ask(server.gopher, selector)
    assert reply
    assert b"\x1b" not in reply and b"root:" not in reply
    assert ask(server.gopher, b"\r\n").startswith(b"iThe Socket Courier\t")
    assert "ended" not in server.log()


def test_file_of_a_megabyte_arrives_whole_in_spite_of_bytes_behind_the_request(run):
    server = run()
    for extra in (b"", b"x", b"y" * 30000):
        assert ask(server.gopher, b"/news/big.bin\r\n" + extra) == BIG


def test_half_close_after_the_request_gets_the_whole_file(run):
    server = run()
    with clients.connect(server.gopher) as stream:
        stream.sendall(b"/news/big.bin\r\n")
        clients.half_close(stream)
        assert smallweb.read_all(stream) == BIG


def test_request_byte_by_byte_is_answered(run):
    server = run()
    with clients.connect(server.gopher) as stream:
        for byte in b"/news/bench\r\n":
            stream.sendall(bytes([byte]))
            time.sleep(0.01)
        assert b"A bench is mended" in smallweb.read_all(stream)


@pytest.mark.parametrize("sent", [b"", b"/news", b"/news\r"])
def test_client_that_never_ends_its_line_is_closed_without_an_answer(run, sent):
    server = run(SHORT)
    begun = time.monotonic()
    assert ask(server.gopher, sent) == b""
    assert 0.9 < time.monotonic() - begun < 3


def test_client_that_drips_its_selector_meets_the_deadline(run):
    server = run(SHORT)
    begun = time.monotonic()
    with clients.connect(server.gopher) as stream:
        stream.settimeout(0.2)
        while True:
            stream.sendall(b"g")
            try:
                assert stream.recv(1) == b""
                break
            except TimeoutError:
                assert time.monotonic() - begun < 5
    assert 0.9 < time.monotonic() - begun < 3


def test_reset_in_the_middle_of_a_reply_is_logged_as_incomplete(run):
    server = run({"server": {"workers": 1}})
    stream = clients.connect(server.gopher, receive_buffer=4096)
    stream.sendall(b"/news/big.bin\r\n")
    clients.read_exactly(stream, 1000)
    clients.reset(stream)
    line = until(lambda: next((line for line in server.access() if "big.bin" in line), None))
    assert "complete=no" in line
    assert ask(server.gopher, b"\r\n")


def test_tls_on_the_gopher_port_is_known_by_its_first_byte(run):
    server = run()
    plain = ask(server.gopher, b"/news/bench\r\n")
    assert ask_tls(server.gopher, b"/news/bench\r\n") == plain
    assert ask_tls(server.gopher, b"/news/big.bin\r\n") == BIG
    until(lambda: sum("tls=TLSv1.3" in line for line in server.access()) == 2)


def test_session_of_the_gemini_port_resumes_on_the_gopher_port(run):
    """One certificate, one name, one set of ticket keys."""
    server = run()
    context = smallweb.tls_context()
    with clients.secure(server.gemini, context) as tls:
        tls.sendall(clients.url(server.gemini, "/"))
        smallweb.read_all(tls)
        session = tls.session
    with clients.secure(server.gopher, context, session=session) as tls:
        tls.sendall(b"\r\n")
        assert smallweb.read_all(tls)
        assert tls.session_reused


def test_gopher_alone_needs_no_certificate_and_closes_on_tls(run):
    server = run({"gemini": None})
    assert server.gemini is None
    assert not (server.folder / "site.key").exists()
    assert ask(server.gopher, b"\r\n").startswith(b"iThe Socket Courier\t")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        clients.secure(server.gopher)


def test_menus_name_the_port_that_was_bound(run):
    server = run()
    ports = {port for kind, _, _, _, port in smallweb.menu_items(ask(server.gopher, b"\r\n")) if kind not in "ih"}
    assert ports == {str(server.gopher)}


def test_menus_name_the_port_that_is_configured(run):
    server = run({"gopher": {"port": 70}})
    ports = {port for kind, _, _, _, port in smallweb.menu_items(ask(server.gopher, b"\r\n")) if kind not in "ih"}
    assert ports == {"70"}


def test_client_with_too_many_connections_is_told_so(run):
    server = run({"limits": {"per_address": 2}})
    held = [clients.connect(server.gopher) for _ in range(2)]
    until(lambda: ask(server.gopher, b"\r\n").startswith(b"3"))
    for stream in held:
        stream.close()
    until(lambda: ask(server.gopher, b"\r\n").startswith(b"i"))


def test_access_log_has_no_search_words(run):
    server = run({"server": {"log_addresses": "masked"}})
    ask(server.gopher, b"/search\tsecret\r\n")
    line = until(server.access)[0]
    assert "proto=gopher" in line and 'path="/search"' in line and "address=127.0.0.0 " in line
    assert "secret" not in line and "tls=" not in line
