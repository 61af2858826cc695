"""Listening on Unix-domain sockets, as an onion service uses them."""
import fcntl
import os
import signal
import socket
import sys
import tempfile
import termios
import time

import pytest

import clients
import smallweb
from papers import BIG
from running import until


@pytest.fixture
def path():
    """A path that is short enough for a socket, whatever the folder of the test is."""
    with tempfile.TemporaryDirectory(prefix="tidings-") as folder:
        yield f"{folder}/socket"


def connect(path):
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(clients.SECONDS)
    stream.connect(path)
    return stream


def ask(path, request):
    with connect(path) as stream:
        stream.sendall(request)
        return smallweb.read_all(stream)


def ask_tls(path, request):
    with smallweb.tls_context().wrap_socket(connect(path), server_hostname="localhost",
                                            suppress_ragged_eofs=False) as tls:
        tls.sendall(request)
        return smallweb.read_all(tls)


def test_gopher_is_served_at_a_path_beside_an_address(run, path):
    server = run({"gopher": {"listen": f"unix:{path}, 127.0.0.1:0"}})
    assert f"path={path}" in server.log()
    assert ask(path, b"/news/bench\r\n") == clients.ask(server.gopher, b"/news/bench\r\n")
    assert ask_tls(path, b"/news/bench\r\n") == clients.ask(server.gopher, b"/news/bench\r\n")


def test_gemini_at_a_path_only_is_on_the_well_known_port(run, path):
    run({"gemini": {"listen": f"unix:{path}"}})
    assert ask_tls(path, b"gemini://localhost/news/bench\r\n").startswith(b"20 ")


def test_reader_at_a_path_who_stalls_has_little_waiting(run, path):
    """As over TCP: 64 KB with the kernel's own overhead, and one piece more."""
    run({"gopher": {"listen": f"unix:{path}"}})
    with connect(path) as stream:
        stream.sendall(b"/news/big.bin\r\n")
        waiting = until(lambda: (found := queued(stream)) and at_rest(stream, found) and found)
        assert waiting <= (64 + 36) * 1024
        assert smallweb.read_all(stream) == BIG


def queued(stream):
    """Bytes that wait to be read."""
    return int.from_bytes(fcntl.ioctl(stream, termios.FIONREAD, bytes(4)), sys.byteorder)


def at_rest(stream, found):
    time.sleep(0.2)
    return queued(stream) == found


def test_client_at_a_path_is_not_limited_by_address(run, path):
    server = run({"gopher": {"listen": f"unix:{path}"}, "limits": {"requests": 1, "burst": 1, "per_address": 1},
                  "server": {"log_addresses": "yes"}})
    held = [connect(path) for _ in range(4)]
    for _ in range(10):
        assert ask(path, b"/news/bench\r\n").startswith(b"A bench") or b"A bench is mended" in ask(path, b"/\r\n")
    for stream in held:
        stream.close()
    until(lambda: any("address=:: " in line for line in server.access()))


def test_proxy_at_a_path_says_for_whom_it_asks(run, path):
    server = run({"gopher": {"listen": f"unix:{path}", "proxy": "::"}, "server": {"log_addresses": "yes"},
                  "limits": {"requests": 1, "burst": 1}})
    line = b"PROXY TCP6 fc00:dead:beef:4dad::29 ::1 65535 70\r\n/news/bench\r\n"
    assert b"A bench is mended" in ask(path, line)
    assert any(ask(path, line).startswith(b"3Too many") for _ in range(20))
    until(lambda: any("address=fc00:dead:beef:4dad::29" in line for line in server.access()))


def test_path_goes_with_the_server_and_is_taken_over_from_a_dead_one(run, path):
    settings = {"gopher": {"listen": f"unix:{path}"}}
    first = run(settings)
    first.signal(signal.SIGTERM)
    assert first.wait() == 0
    assert not os.path.exists(path)
    second = run(settings)
    second.process.kill()
    second.wait()
    assert os.path.exists(path)
    until(lambda: not answers(path))  # its workers have gone
    run(settings)
    assert b"A bench is mended" in ask(path, b"/news/bench\r\n")


def answers(path):
    try:
        connect(path).close()
        return True
    except OSError:
        return False


def test_path_that_another_server_has_is_said_and_nothing_starts(run, path):
    run({"gopher": {"listen": f"unix:{path}"}})
    second = run.new({"gopher": {"listen": f"unix:{path}"}}).launch()
    assert second.wait() == 1
    assert "another program listens there" in second.log()
    assert b"A bench is mended" in ask(path, b"/news/bench\r\n")


def test_killed_worker_leaves_the_path_in_service(run, path):
    server = run({"gopher": {"listen": f"unix:{path}"}})
    for child in ("worker 1", "worker 2"):
        server.signal(signal.SIGKILL, child)
        assert b"A bench is mended" in ask(path, b"/news/bench\r\n")
