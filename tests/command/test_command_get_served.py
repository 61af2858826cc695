"""`tidings get PATH` prints what a running server sends, byte by byte; `tidings get URL` reads from it."""
import socket

import pytest

import smallweb

PATHS = ["/", "/ar/", "/news/", "/news", "/latest", "/headlines", "/search?bench", "/search", "/archive/2026/", "/tags/",
         "/news/europe/feed.gmi", "/atom.xml", "/about", "/about/certificate", "/robots.txt", "/nothing", "/infographics/benches.png"]
SELECTORS = PATHS + ["", "caps.txt", "URL:https://example.org/?a", "\t$", "/news/\t+", "GET / HTTP/1.1"]
NO_PAGES = ["/nothing", "GET / HTTP/1.1"]


def free_port():
    """A port for both: `get` must know it from the configuration, so that port 0 does not do."""
    with socket.socket() as stream:
        stream.bind(("127.0.0.1", 0))
        return stream.getsockname()[1]


@pytest.fixture(scope="module")
def server(serve, content):
    return serve(content, {"gemini": {"listen": f"127.0.0.1:{free_port()}"},
                           "gopher": {"listen": f"127.0.0.1:{free_port()}"},
                           "server": {"favicon": "🗞", "robots_disallow": "/x"}})


def get(paper, server, *words, code=0):
    return paper.run("get", "-c", server.folder / "server.ini", *words, code=code)


@pytest.mark.parametrize("path", PATHS)
def test_gemini_from_the_shell_is_what_the_server_sends(paper, server, path):
    status, meta, body = smallweb.gemini(server.gemini, f"gemini://localhost:{server.gemini}{path}")
    done = get(paper, server, "--header", path, code=0 if status == 20 else 1)
    assert done.stdout == f"{status} {meta}\r\n".encode() + body


@pytest.mark.parametrize("selector", SELECTORS)
def test_gopher_from_the_shell_is_what_the_server_sends(paper, server, selector):
    line = selector if selector.startswith("URL:") else selector.replace("?", "\t")
    reply = smallweb.gopher(server.gopher, line)
    done = get(paper, server, f"gopher:{selector}", code=1 if selector in NO_PAGES else 0)
    assert done.stdout == reply


def test_the_server_is_read_as_any_other(paper, server):
    status, _, body = smallweb.gemini(server.gemini, f"gemini://localhost:{server.gemini}/news/")
    assert status == 20
    done = get(paper, server, f"gemini://localhost:{server.gemini}/news")
    assert done.stdout == body
    assert b"Redirected to gemini://localhost" in done.stderr
    assert b"close_notify" not in done.stderr
    menu = smallweb.gopher(server.gopher, "/news/")
    assert get(paper, server, f"gopher://127.0.0.1:{server.gopher}/1/news/").stdout == menu
    assert get(paper, server, f"gophers://127.0.0.1:{server.gopher}/1/news/").stdout == menu
