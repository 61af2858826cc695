"""Socket activation: the server is started with sockets that listen already."""
import os
import pathlib
import signal
import socket

import pytest

import smallweb
from clients import ask, ask_tls, connect, url
from running import until

LAUNCHER = pathlib.Path(__file__).with_name("pass_sockets.py")


@pytest.fixture
def prepare(run, monkeypatch):
    """prepare("gemini=tcp gopher=tcp", settings, WHAT="…") prepares a server that is passed these sockets."""
    def new(sockets, settings=None, **environment):
        server = run.new(settings)
        monkeypatch.setenv("PASS", sockets)
        monkeypatch.setenv("PASS_TO", server.tidings)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        server.tidings = str(LAUNCHER)
        return server
    return new


def is_served(server):
    return (ask_tls(server.gemini, url(server.gemini, "/")).startswith(b"20 ")
            and ask(server.gopher, b"\r\n").startswith(b"iThe Socket Courier"))


def sockets_of(pid):
    links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    return {link for link in links if link.startswith("socket:")}


def failed_start(server):
    assert server.launch().wait() == 1
    assert not (server.folder / "state").exists()
    return server.log()


def test_passed_sockets_are_used_instead_of_binding(prepare):
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        server = prepare("gemini=tcp gopher=tcp", {  # in use: binding would fail
            "gemini": {"listen": f"127.0.0.1:{first.getsockname()[1]}"},
            "gopher": {"listen": f"127.0.0.1:{second.getsockname()[1]}"}}).start()
    assert server.log().count("listening protocol=") == 2
    assert all(is_served(server) for _ in range(10))
    assert f"gopher://localhost:{server.gopher}/" in server.out()


def test_passed_sockets_are_shared_by_all_workers_and_by_no_one_else(prepare):
    server = prepare("gemini=tcp gopher=tcp", {"server": {"workers": 3}}).start()
    children = server.children()
    listening = {os.readlink(f"/proc/{server.process.pid}/fd/{fd}") for fd in (3, 4)}
    for number in (1, 2, 3):
        assert listening <= sockets_of(children[f"worker {number}"])
    assert not listening & sockets_of(children["editor"])


def test_one_protocol_may_be_passed_and_the_other_bound(prepare):
    server = prepare("gopher=tcp").start()
    assert is_served(server)


def test_menus_say_the_port_of_a_passed_socket(prepare):
    server = prepare("gopher=tcp").start()
    assert f"\tlocalhost\t{server.gopher}\r\n".encode() in ask(server.gopher, b"\r\n")


def test_several_sockets_of_one_protocol_are_all_served(prepare):
    server = prepare("gopher=tcp gopher=tcp gemini=tcp").start()
    ports = [int(line.rsplit("port=", 1)[1]) for line in server.log().splitlines() if "protocol=gopher" in line]
    assert len(set(ports)) == 2 and server.gopher == ports[0]
    assert all(ask(port, b"\r\n").startswith(b"i") for port in ports)


def test_as_many_sockets_as_may_be_passed_are_served(prepare):
    server = prepare(" ".join(["gopher=tcp"] * 32)).start()
    ports = [int(line.rsplit("port=", 1)[1]) for line in server.log().splitlines() if "protocol=gopher" in line]
    assert len(ports) == 32 and ask(ports[-1], b"\r\n").startswith(b"i")


@pytest.mark.skipif(not os.path.exists("/proc/net/if_inet6"), reason="no IPv6 here")
def test_ipv6_socket_is_served(prepare):
    server = prepare("gopher=tcp6").start()
    assert smallweb.gopher(server.gopher, "", address="::1").startswith(b"iThe Socket Courier")


def test_passed_sockets_outlive_reloads_and_killed_workers(prepare):
    server = prepare("gemini=tcp gopher=tcp", {"server": {"workers": 1}}).start()
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log())
    assert is_served(server)
    server.signal(signal.SIGKILL, "worker 1")
    assert is_served(server)
    server.process.terminate()
    assert server.wait() == 0


def test_silent_client_on_a_shared_socket_stops_nobody(prepare):
    """A worker that wakes up for a connection that another has taken must not wait in accept."""
    server = prepare("gemini=tcp gopher=tcp", {"server": {"workers": 3}}).start()
    with connect(server.gopher), connect(server.gemini):
        assert all(is_served(server) for _ in range(20))


def test_sockets_for_another_process_are_left_alone(prepare):
    server = prepare("gemini=tcp gopher=tcp", PASS_WHOM="other").start()
    passed = {os.readlink(f"/proc/{server.process.pid}/fd/{fd}") for fd in (3, 4)}
    assert is_served(server)
    assert not any(passed & sockets_of(pid) for pid in server.children().values())


@pytest.mark.parametrize("kind,words", [
    ("udp", "it is not a stream socket that listens"), ("silent", "it is not a stream socket that listens"),
    ("file", "it is not a stream socket that listens"), ("unix", "neither to an IPv4 nor to an IPv6 address"),
])
def test_socket_that_cannot_be_served_is_refused(prepare, kind, words):
    log = failed_start(prepare(f"gemini=tcp gopher={kind}"))
    assert "the passed socket 4 (gopher): " in log and words in log


@pytest.mark.parametrize("sockets,environment,words", [
    ("gopher=tcp", {"PASS_COUNT": "2"}, "LISTEN_FDNAMES"),
    ("gopher=tcp", {"PASS_NAMES": ""}, "LISTEN_FDNAMES"),
    ("gopher=tcp", {"PASS_NAMES": "gopher:gemini"}, "LISTEN_FDNAMES"),
    ("gopher=tcp gopher=tcp", {"PASS_NAMES": "gopher:"}, "LISTEN_FDNAMES"),
    ("gopher=tcp", {"PASS_NAMES": "g" * 32}, "LISTEN_FDNAMES"),
    ("gopher=tcp", {"PASS_NAMES": "tidings.socket"}, 'named "tidings.socket"'),
    ("gopher=tcp", {"PASS_COUNT": "33"}, "LISTEN_FDS"),
    ("gopher=tcp", {"PASS_COUNT": "-1"}, "LISTEN_FDS"),
    ("gopher=tcp", {"PASS_COUNT": "3", "PASS_NAMES": "gopher:gopher:gemini"}, "the passed socket 5 (gemini): Bad"),
])
def test_variables_that_make_no_sense_are_refused(prepare, sockets, environment, words):
    assert words in failed_start(prepare(sockets, **environment))


def test_socket_of_a_protocol_that_is_not_served_is_refused(prepare):
    assert 'named "gemini", which is no protocol that is served' in failed_start(
        prepare("gemini=tcp gopher=tcp", {"gemini": None}))
