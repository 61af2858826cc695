"""Trouble with accepting. A worker whose descriptors have run out: replies under way get theirs, new clients wait, and nothing is said to be missing."""
import os
import pathlib
import resource
import subprocess
import time

import pytest

import clients
import smallweb
from clients import ask
from papers import BIG
from running import until

RESERVE = 8  # what the server keeps back


def open_numbers(pid):
    return [int(path.name) for path in pathlib.Path(f"/proc/{pid}/fd").iterdir()]


def at_rest(worker):
    """Nothing of it is still being closed."""
    before = open_numbers(worker)
    time.sleep(0.3)
    return open_numbers(worker) == before


def hold(server, left):
    """Connections, half of them of Gemini, none of which has asked yet; so many descriptors of the worker are left."""
    worker = server.children()["worker 1"]
    until(lambda: at_rest(worker))
    limit = max(open_numbers(worker)) + 1 + 3 * RESERVE
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (limit, limit))
    held = []
    while (count := len(open_numbers(worker))) < limit - left:
        held.append(clients.secure(server.gemini, receive_buffer=4096) if len(held) % 2
                    else clients.connect(server.gopher, 4096))
        until(lambda count=count: len(open_numbers(worker)) != count)
        if "accepting pauses" in server.log():
            break
    return held


def is_gemini(stream):
    return hasattr(stream, "version")


def request(server, stream, path):
    stream.sendall(clients.url(server.gemini, path) if is_gemini(stream) else path.encode() + b"\r\n")


def body(stream, first=b""):
    reply = first + smallweb.read_all(stream)
    return smallweb.split_gemini(reply)[2] if is_gemini(stream) else reply


@pytest.fixture
def short(run):
    """short(left): a server with one worker, and the clients that hold all of its descriptors but so many."""
    held = []

    def start(left):
        server = run({"server": {"workers": 1},
                      "limits": {"per_address": 1000, "request_time": 60, "handshake_time": 60}})
        assert ask(server.gopher, b"/news/bench\r\n")
        held.extend(hold(server, left))
        return server, held

    yield start
    for stream in held:
        stream.close()


def test_replies_under_way_get_their_files_when_descriptors_have_run_out(short):
    left = 3
    server, held = short(left)
    readers, (late, later), others = held[:left + RESERVE], held[left + RESERVE:][:2], held[left + RESERVE + 2:]
    assert "accepting pauses" not in server.log()
    heads = []
    for stream in readers:  # their files stay open
        request(server, stream, "/news/big.bin")
        heads.append(stream.recv(100))
    assert "accepting pauses" in server.log()
    for stream in (late, later):  # for whom nothing is left, and to whom nothing is said to be missing
        request(server, stream, "/news/big.bin")
        reply = smallweb.read_all(stream)
        assert reply.startswith(b"40 " if is_gemini(stream) else b"3The paper is being put in order")
    for stream in others[:2]:  # a page needs no descriptor
        request(server, stream, "/news/bench")
        assert b"A bench is mended" in smallweb.read_all(stream)
    for stream, head in zip(readers, heads):
        assert body(stream, head) == BIG


def test_clients_that_wait_do_not_take_what_replies_need(short):
    server, held = short(0)
    waiting = [clients.connect(server.gopher) for _ in range(5)]
    until(lambda: "accepting pauses" in server.log())
    time.sleep(1)  # in which it looks several times whether there is room
    for stream in held[:RESERVE]:
        request(server, stream, "/news/big.bin")
    for stream in held[:RESERVE]:
        assert body(stream) == BIG
    for stream in held:
        stream.close()
    for stream in waiting:
        stream.sendall(b"/news/bench\r\n")
        assert b"A bench is mended" in smallweb.read_all(stream)
        stream.close()


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def test_accepting_costs_nothing_while_it_pauses_and_goes_on_when_descriptors_are_back(short):
    server, held = short(0)
    worker = server.children()["worker 1"]
    waiting = clients.connect(server.gopher)
    waiting.sendall(b"/news/big.bin\r\n")
    until(lambda: "accepting pauses" in server.log())
    used, logged, seconds = processor_seconds(worker), len(server.log()), 2
    time.sleep(seconds)
    assert processor_seconds(worker) - used < 0.2 * seconds
    assert len(server.log()) - logged < 4096 * seconds
    for stream in held:
        stream.close()
    begun = time.monotonic()
    assert smallweb.read_all(waiting) == BIG
    print(f"\nwell {time.monotonic() - begun:.2f} s after descriptors were back")
    assert server.children()["worker 1"] == worker


@pytest.mark.parametrize("error", ["EPROTO", "EPERM", "ENOBUFS", "EINVAL"])
def test_accepting_that_always_fails_does_not_spin(run, error):
    server = run({"server": {"workers": 1}})
    calls = server.folder / "calls"
    tracer = subprocess.Popen(["strace", "-qq", "-e", "trace=accept4", "-e", f"inject=accept4:error={error}",
                               "-o", calls, "-p", str(server.children()["worker 1"])])
    try:
        until(lambda: "TracerPid:\t0" not in pathlib.Path(f"/proc/{server.children()['worker 1']}/status").read_text())
        with clients.connect(server.gopher) as waiting:
            waiting.sendall(b"/news/bench\r\n")
            until(lambda: "accepting pauses" in server.log())
            before = len(calls.read_text().splitlines())
            time.sleep(1)
            assert len(calls.read_text().splitlines()) - before < 1000
            tracer.terminate()
            assert b"A bench is mended" in smallweb.read_all(waiting)
    finally:
        tracer.kill()
        tracer.wait()
