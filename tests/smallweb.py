"""Small clients for the tests, on Python's standard library only: one request, the whole reply, links and checks."""
import re
import socket
import ssl
import unicodedata
import urllib.parse

SECONDS = 20
COLUMNS = 67


def tls_context(minimum=None, maximum=None):
    """A client context that trusts anything, as clients that trust on first use do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if minimum:
        context.minimum_version = minimum
    if maximum:
        context.maximum_version = maximum
    return context


def read_all(stream):
    pieces = []
    while True:
        piece = stream.recv(65536)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def gopher(port, selector, address="127.0.0.1"):
    """The bytes of the reply to selector (str; its line end is added)."""
    with socket.create_connection((address, port), SECONDS) as stream:
        stream.sendall(selector.encode() + b"\r\n")
        return read_all(stream)


def gemini(port, url, context=None, server_name="localhost", address="127.0.0.1"):
    """(status, meta, body) of the reply to url. A missing close_notify raises ssl.SSLError."""
    context = context or tls_context()
    with socket.create_connection((address, port), SECONDS) as stream:
        with context.wrap_socket(stream, server_hostname=server_name, suppress_ragged_eofs=False) as tls:
            tls.sendall(url.encode() + b"\r\n")
            return split_gemini(read_all(tls))


def split_gemini(reply):
    """Checks the header's form and takes it off."""
    header, end, body = reply.partition(b"\r\n")
    assert end, f"no header line in {reply[:80]!r}"
    match = re.fullmatch(rb"([1-6][0-9])(?: ([^\x00-\x1f\x7f]{0,1024}))?", header)
    assert match, f"malformed header {header!r}"
    assert header[:1] in b"456" or match.group(2), f"no meta in {header!r}"
    return int(match.group(1)), (match.group(2) or b"").decode(), body


def columns(text):
    """Display width in terminal cells."""
    width = 0
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            continue
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return width


def menu_items(reply):
    """The items of a Gopher menu as (type, text, selector, host, port); asserts that every line is as it must be."""
    text = reply.decode()
    assert text.endswith("\r\n.\r\n") or text == ".\r\n", f"no lastline in {text[-60:]!r}"
    items = []
    for line in text[:-3].split("\r\n")[:-1]:
        assert "\n" not in line and "\r" not in line, f"bare line end in {line!r}"
        fields = line[1:].split("\t")
        assert len(fields) == 4, f"{len(fields)} fields in {line!r}"
        assert line[0] in "01379gIhs;i", f"item type of {line!r}"
        assert columns(fields[0]) <= COLUMNS, f"{columns(fields[0])} columns in {line!r}"
        assert fields[3].isdigit(), f"port of {line!r}"
        items.append((line[0], *fields))
    return items


def gemtext_links(body):
    """(target, label) of every link line outside preformatted text."""
    links, inside = [], False
    for line in body.decode().split("\n"):
        if line.startswith("```"):
            inside = not inside
        match = None if inside else re.match(r"=>[ \t]*(\S+)(?:[ \t]+(.*))?$", line)
        if match:
            links.append((match.group(1), match.group(2) or ""))
    return links


def absolute(base, target):
    """target as an absolute URL, seen from base."""
    for scheme in ("gemini", "gopher"):
        if scheme not in urllib.parse.uses_relative:
            urllib.parse.uses_relative.append(scheme)
            urllib.parse.uses_netloc.append(scheme)
    return urllib.parse.urljoin(base, target)
