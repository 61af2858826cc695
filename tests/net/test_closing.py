"""The end of a connection: nobody loses the end of a reply, however late it is read and whatever else was sent."""
import time

import pytest

import clients
import smallweb
from papers import BIG
from running import until

AWAY = 4  # seconds, in which the server has long closed its side


def begin(server, by_tls, path, behind=b"", half_close=False):
    """A client that has asked."""
    stream = clients.secure(server.gemini) if by_tls else clients.connect(server.gopher)
    stream.sendall((clients.url(server.gemini, path) if by_tls else path.encode() + b"\r\n") + behind)
    if half_close:
        clients.half_close(stream)
    return stream


def body(stream, by_tls):
    reply = smallweb.read_all(stream)  # a reset, and an end without close_notify, raise
    return smallweb.split_gemini(reply)[2] if by_tls else reply


@pytest.mark.parametrize("by_tls", [True, False])
def test_reply_that_is_read_when_the_server_has_long_closed_is_whole(run, paper, by_tls):
    (paper / "news" / "small.bin").write_bytes(BIG[:5000])
    server = run()
    kinds = [begin(server, by_tls, "/news/small.bin"), begin(server, by_tls, "/news/small.bin", half_close=True),
             begin(server, by_tls, "/news/small.bin", b"more " * 5000),
             begin(server, by_tls, "/news/small.bin", b"more " * 5000, half_close=True)]
    until(lambda: sum("small.bin" in line for line in server.access()) == len(kinds))
    time.sleep(AWAY)
    for stream in kinds:
        assert body(stream, by_tls) == BIG[:5000]
        stream.close()


@pytest.mark.parametrize("by_tls", [True, False])
def test_reader_that_pauses_longer_than_the_server_lingers_gets_everything(run, by_tls):
    server = run()
    stream = begin(server, by_tls, "/news/big.bin", b"more", half_close=True)
    time.sleep(AWAY)
    assert body(stream, by_tls) == BIG
    stream.close()
