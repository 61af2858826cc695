"""`tidings get URL`: a client, tried against servers that behave and servers that do not."""
import contextlib
import hashlib
import os
import pty
import re
import socket
import ssl
import subprocess
import threading

import pytest


@contextlib.contextmanager
def server(answer, context=None, family=socket.AF_INET, clean=True):
    """Answers each connection with answer(request bytes); yields (port, requests)."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
    listener.listen()
    requests = []

    def serve_one(stream):
        if context:
            stream = context.wrap_socket(stream, server_side=True)
        request = b""
        while not request.endswith(b"\r\n"):
            piece = stream.recv(4096)
            if not piece:
                return
            request += piece
        requests.append(request)
        stream.sendall(answer(request))
        if context and clean:
            stream.unwrap().close()
        stream.close()

    def serve():
        while True:
            try:
                stream, _ = listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), stream:
                serve_one(stream)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], requests
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


@pytest.fixture
def context(paper):
    paper.out("cert", "make")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paper.folder / "certs/a.crt", paper.folder / "certs/a.key")
    return context


def always(reply):
    return lambda request: reply


def test_gemini_prints_the_body_and_tells_header_and_fingerprints(paper, context):
    shown = re.findall(r"([0-9A-F:]{95})", paper.out("cert"))
    with server(always(b"20 text/gemini\r\n# Hello\n"), context) as (port, requests):
        done = paper.run("get", f"gemini://127.0.0.1:{port}/a%20b?c#fragment")
    assert done.stdout == b"# Hello\n"
    text = done.stderr.decode()
    assert text == f"TOFU sha256 certificate {shown[0]}\nTOFU sha256 public key  {shown[1]}\n20 text/gemini\n"
    assert requests == [f"gemini://127.0.0.1:{port}/a%20b?c\r\n".encode()]


def test_the_header_is_printed_when_it_is_asked_for(paper, context):
    with server(always(b"20 text/gemini\r\nHi\n"), context) as (port, _):
        assert paper.run("get", "--header", f"gemini://127.0.0.1:{port}/").stdout == b"20 text/gemini\r\nHi\n"


def test_ipv6_hosts_stand_in_brackets(paper, context):
    with server(always(b"20 text/plain\r\nsix\n"), context, socket.AF_INET6) as (port, _):
        assert paper.run("get", f"gemini://[::1]:{port}/").stdout == b"six\n"


def test_a_name_is_sent_as_server_name(paper, context):
    names = []
    context.sni_callback = lambda stream, name, ctx: names.append(name)
    with server(always(b"20 text/plain\r\n"), context) as (port, _):
        paper.run("get", f"gemini://localhost:{port}/")
        paper.run("get", f"gemini://127.0.0.1:{port}/")
    assert names == ["localhost", None]


@pytest.mark.parametrize("header", [b"51 Not found", b"10 Name?", b"44 5", b"60"])
def test_other_statuses_exit_with_1(paper, context, header):
    with server(always(header + b"\r\n"), context) as (port, _):
        done = paper.run("get", f"gemini://127.0.0.1:{port}/", code=1)
    assert done.stdout == b""
    assert done.stderr.splitlines()[-1] == header


@pytest.mark.parametrize("reply", [b"", b"hello\r\n", b"2\r\n", b"200 text/gemini\r\nx", b"20 text/gemini\n",
                                   b"20 " + b"a" * 1025 + b"\r\n"])
def test_what_is_not_gemini_is_refused(paper, context, reply):
    with server(always(reply), context) as (port, _):
        done = paper.run("get", f"gemini://127.0.0.1:{port}/", code=1)
    assert b"not Gemini" in done.stderr
    assert done.stdout == b""


def test_a_header_may_have_1029_bytes(paper, context):
    with server(always(b"20 " + b"a" * 1024 + b"\r\nx"), context) as (port, _):
        assert paper.run("get", f"gemini://127.0.0.1:{port}/").stdout == b"x"


def test_a_header_cannot_carry_controls_to_the_terminal(paper, context):
    with server(always(b"51 \x1b[31mred\r\n"), context) as (port, _):
        done = paper.run("get", f"gemini://127.0.0.1:{port}/", code=1)
    assert b"\x1b" not in done.stderr


def test_redirects_are_told_and_followed_five_times(paper, context):
    def count_down(request):
        left = int(re.search(rb"/(\d+)\r\n", request).group(1))
        return b"30 %d\r\n" % (left - 1) if left else b"20 text/plain\r\nthere\n"

    with server(count_down, context) as (port, _):
        done = paper.run("get", f"gemini://127.0.0.1:{port}/x/5")
        assert done.stdout == b"there\n"
        assert f"Redirected to gemini://127.0.0.1:{port}/x/0\n" in done.stderr.decode()
        assert "More than 5 redirects" in paper.err("get", f"gemini://127.0.0.1:{port}/x/6")


@pytest.mark.parametrize("target", [b"gopher://127.0.0.1/", b"https://example.org/", b"file:///etc/passwd"])
def test_a_redirect_to_another_protocol_is_not_followed(paper, context, target):
    with server(always(b"31 " + target + b"\r\n"), context) as (port, requests):
        assert "another protocol: not followed" in paper.err("get", f"gemini://127.0.0.1:{port}/")
    assert len(requests) == 1


def test_a_missing_close_notify_is_told(paper, context):
    with server(always(b"20 text/plain\r\ncut"), context, clean=False) as (port, _):
        done = paper.run("get", f"gemini://127.0.0.1:{port}/")
    assert done.stdout == b"cut"
    assert b"Closed without close_notify" in done.stderr


def test_a_url_may_have_1024_bytes_and_not_one_more(paper, context):
    with server(always(b"20 text/plain\r\nok\n"), context) as (port, requests):
        url = f"gemini://127.0.0.1:{port}/".ljust(1024, "a")
        assert paper.run("get", url).stdout == b"ok\n"
        assert "1025 bytes, more than 1024" in paper.err("get", url + "a")
    assert len(requests) == 1


def test_gopher_urls_become_selectors(paper):
    with server(always(b"iHello\t\t\t\r\n.\r\n")) as (port, requests):
        for path in ("", "/", "/1", "/1/news/", "/0/a%20b?c", "/7/search%09two%20words"):
            assert paper.run("get", f"gopher://127.0.0.1:{port}{path}").stdout == b"iHello\t\t\t\r\n.\r\n"
    assert requests == [b"\r\n", b"\r\n", b"\r\n", b"/news/\r\n", b"/a b?c\r\n", b"/search\ttwo words\r\n"]


def test_a_selector_cannot_hold_a_second_line(paper):
    with server(always(b"")) as (port, requests):
        assert "cannot be decoded" in paper.err("get", f"gopher://127.0.0.1:{port}/0/a%0D%0Ab")
    assert requests == []


def test_gophers_is_gopher_over_tls(paper, context):
    with server(always(b"hello\n"), context) as (port, requests):
        done = paper.run("get", f"gophers://127.0.0.1:{port}/0/x")
    assert done.stdout == b"hello\n"
    assert b"TOFU sha256 certificate" in done.stderr
    assert requests == [b"/x\r\n"]


def test_a_gopher_error_item_exits_with_1(paper):
    with server(always(b"3Not there\t\t\t\r\n.\r\n")) as (port, _):
        assert paper.run("get", f"gopher://127.0.0.1:{port}/1/x", code=1).stdout.startswith(b"3Not there")


def test_big_answers_come_whole(paper, context):
    data = os.urandom(5_000_000)
    with server(always(b"20 image/png\r\n" + data), context) as (port, _):
        got = paper.run("get", f"gemini://127.0.0.1:{port}/").stdout
    assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest()


def test_nobody_there_is_an_error_with_host_and_port(paper):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert paper.err("get", f"gopher://127.0.0.1:{port}/") == f"127.0.0.1 port {port}: Connection refused\n"


def test_a_server_without_tls_is_an_error(paper):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        def say_hello():
            stream, _ = listener.accept()
            with stream:
                stream.sendall(b"hello, this is not TLS\r\n")
                stream.recv(4096)

        thread = threading.Thread(target=say_hello, daemon=True)
        thread.start()
        assert f"127.0.0.1 port {port}: " in paper.err("get", f"gemini://127.0.0.1:{port}/")
        thread.join(10)


@pytest.mark.parametrize("url", ["gemini:///x", "gemini://user@127.0.0.1/", "gopher://127.0.0.1:70000/",
                                 "gemini://a b/", "gemini://[::1/"])
def test_broken_urls_are_refused(paper, url):
    assert "is not a gemini, gopher or gophers URL" in paper.err("get", url)


def test_on_a_terminal_controls_of_a_stranger_are_replaced(paper):
    with server(always(b"a\x1b[31m\tb\r\n\xc2\x9bc\n")) as (port, _):
        ours, theirs = pty.openpty()
        done = subprocess.run([paper.tidings, "get", f"gopher://127.0.0.1:{port}/0/x"], cwd=paper.folder,
                              stdout=theirs, stderr=subprocess.PIPE, timeout=60)
        os.close(theirs)
        shown = os.read(ours, 4096)
        os.close(ours)
    assert done.returncode == 0
    assert shown.replace(b"\r\n", b"\n").expandtabs() == b"a?[31m\tb\n?c\n".expandtabs()
