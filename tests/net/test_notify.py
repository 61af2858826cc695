"""What the service manager hears (sd_notify), on a real datagram socket."""
import os
import select
import signal
import socket
import time

import pytest


class Manager:
    """The other end: a bound socket and the messages that came, each as {name: value}."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(60)

    def next(self):
        return dict(line.split("=", 1) for line in self.socket.recv(65536).decode().split("\n"))

    def next_with(self, name):
        """Passes over what comes before."""
        while True:
            message = self.next()
            if name in message:
                return message


@pytest.fixture
def manager(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    manager = Manager(str(tmp_path / "notify"))
    yield manager
    manager.socket.close()


def test_start_reload_and_end_are_told(run, manager):
    server = run({"server": {"workers": 2}})
    assert manager.next() == {"STATUS": "reading the articles"}
    assert manager.next() == {"READY": "1", "STATUS": "serving with 2 workers"}
    before = time.monotonic_ns() // 1000
    server.signal(signal.SIGHUP)
    reloading = manager.next()
    assert reloading["RELOADING"] == "1"
    assert before <= int(reloading["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000
    assert manager.next() == {"READY": "1", "STATUS": "serving with 2 workers"}
    server.process.terminate()
    assert manager.next() == {"STOPPING": "1", "STATUS": "finishing"}
    assert server.wait() == 0


def test_ready_means_that_the_paper_is_served(run, manager):
    server = run.new().launch()
    manager.next_with("READY")
    assert "is served" in server.out()


def test_refused_reload_says_why_and_is_ready_again(run, manager):
    server = run()
    manager.next_with("READY")
    (server.folder / "server.ini").write_text("[server]\nnonsense = 1\n")
    server.signal(signal.SIGHUP)
    assert manager.next()["RELOADING"] == "1"
    ready = manager.next()
    assert ready["READY"] == "1" and "server.ini:2: " in ready["STATUS"]


def test_start_that_fails_says_why_and_is_never_ready(run, manager, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        server = run.new({"gopher": {"listen": f"127.0.0.1:{holder.getsockname()[1]}"}}).launch()
        assert server.wait() == 1
    assert manager.next() == {"STATUS": "reading the articles"}
    assert "the port is in use" in manager.next()["STATUS"]
    assert not select.select([manager.socket], [], [], 0)[0]


def test_line_end_in_a_reason_cannot_forge_a_message(run, manager):
    """The reason has the certificate's path in it, and that the name of the configuration's folder."""
    server = run.new()
    server.folder = server.folder / "x\nREADY=1\ny"
    server.folder.mkdir()
    server.configure({"gemini": {"certificate": "site.crt", "key": "site.key"}})
    (server.folder / "site.crt").write_text("garbage")
    assert server.launch().wait() == 1
    assert manager.next() == {"STATUS": "reading the articles"}
    reason = manager.next()
    assert set(reason) == {"STATUS"} and "x READY=1 y/site" in reason["STATUS"]


def test_abstract_name_is_heard_too(run, monkeypatch, tmp_path):
    name = f"tidings-test-{os.getpid()}-{tmp_path.name}"
    manager = Manager("\0" + name)
    monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
    run()
    assert manager.next_with("READY")["STATUS"].startswith("serving")
    manager.socket.close()


def test_signs_of_life_come_at_half_the_watchdogs_time(run, manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "400000")
    server = run()
    begun = time.monotonic()
    for _ in range(4):
        assert manager.next_with("WATCHDOG") == {"WATCHDOG": "1"}
    assert time.monotonic() - begun < 10
    server.signal(signal.SIGSTOP)  # a supervisor that hangs is silent
    try:
        while select.select([manager.socket], [], [], 1)[0]:
            manager.next()
    finally:
        server.signal(signal.SIGCONT)
    manager.next_with("WATCHDOG")


@pytest.mark.parametrize("time_given,pid", [("400000", "1"), ("0", None), ("soon", None)])
def test_no_signs_of_life_unless_they_are_wanted_from_this_process(run, manager, monkeypatch, time_given, pid):
    monkeypatch.setenv("WATCHDOG_USEC", time_given)
    if pid:
        monkeypatch.setenv("WATCHDOG_PID", pid)
    run()
    manager.next_with("READY")
    assert not select.select([manager.socket], [], [], 0.6)[0]


@pytest.mark.parametrize("address", ["relative", "@", "/" + "x" * 200, "/nowhere/at/all"])
def test_address_that_cannot_be_used_does_not_keep_the_paper_from_its_readers(run, monkeypatch, address):
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    server = run()
    assert ("NOTIFY_SOCKET" in server.log()) == (address != "/nowhere/at/all")
