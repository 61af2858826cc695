"""SIGTERM under a stream of connections: each of them is answered or refused, none is taken and left."""
import collections
import signal
import threading
import time

import pytest

import clients
import smallweb
from clients import connect, secure, url
from papers import BIG
from running import until


def knock(port, count, over):
    """Connects again and again until it is refused; what came of it, and when."""
    while not over.is_set():
        try:
            stream = connect(port)
        except ConnectionRefusedError:
            count["refused"] += 1
            return
        with stream:
            try:
                begun = time.monotonic()
                stream.sendall(b"/news/bench\r\n")
                reply = smallweb.read_all(stream)
                is_whole = b"A bench is mended" in reply
                count["answered" if is_whole else f"left after {time.monotonic() - begun:.1f} s: {reply!r}"] += 1
            except OSError as failure:
                count[f"left: {failure}"] += 1


@pytest.mark.parametrize("workers", [1, 3])
def test_no_connection_is_taken_and_left_while_a_download_finishes(run, workers):
    server = run({"server": {"workers": workers}})
    counts, over = [collections.Counter() for _ in range(6)], threading.Event()
    threads = [threading.Thread(target=knock, args=(server.gopher, count, over)) for count in counts]
    with secure(server.gemini, receive_buffer=4096) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        got = clients.read_exactly(tls, 1000)
        for thread in threads:
            thread.start()
        until(lambda: all(count["answered"] > 10 for count in counts), 60)
        server.process.terminate()
        until(lambda: all(count["refused"] for count in counts), 30)
        assert server.process.poll() is None  # refused while it is still here
        got += smallweb.read_all(tls)
    for thread in threads:
        thread.join()
    assert smallweb.split_gemini(got)[2] == BIG and server.wait() == 0
    total = sum(counts, collections.Counter())
    assert set(total) == {"answered", "refused"}, total


def test_connection_that_waits_in_the_queue_is_answered(run):
    server = run({"server": {"workers": 1}})
    server.signal(signal.SIGSTOP, "worker 1")
    waiting = [connect(server.gopher) for _ in range(5)]
    for stream in waiting:
        stream.sendall(b"/news/bench\r\n")
    server.process.terminate()
    time.sleep(0.1)
    server.signal(signal.SIGCONT, "worker 1")
    for stream in waiting:
        with stream:
            assert b"A bench is mended" in smallweb.read_all(stream)
    assert server.wait() == 0
