"""Three servers behind a real HAProxy with the configuration that is shipped: one of them may always go."""
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "net"))

import clients  # noqa: E402
import smallweb  # noqa: E402
from papers import BIG, write_article, write_paper  # noqa: E402
from running import Server, until  # noqa: E402

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "src/dist/haproxy.cfg"
HAPROXY = shutil.which("haproxy") or "/usr/sbin/haproxy"  # not on everybody's path
NAMES = ("one", "two", "three")


class Proxy:
    """HAProxy on two ports of 127.0.0.1, which are made here and handed to it."""

    def __init__(self, folder, servers):
        self.folder, self.admin = folder, folder / "admin.sock"
        sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in ("gemini", "gopher")}
        self.gemini, self.gopher = (sockets[name].getsockname()[1] for name in ("gemini", "gopher"))
        (folder / "haproxy.cfg").write_text(self.substituted(servers, sockets))
        with open(folder / "haproxy.log", "wb") as log:
            self.process = subprocess.Popen(
                [HAPROXY, "-db", "-f", folder / "haproxy.cfg"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, pass_fds=[one.fileno() for one in sockets.values()])
        for one in sockets.values():
            one.close()

    def substituted(self, servers, sockets):
        """The shipped file with the addresses of this test, and with nothing else changed."""
        text = CONFIG.read_text().replace("/run/haproxy/admin.sock", str(self.admin))
        for name, port in ("gemini", 1965), ("gopher", 70):
            text, count = re.subn(rf"bind \[::\]:{port} v4v6", f"bind fd@{sockets[name].fileno()}", text)
            assert count == 1
        for name, server in zip(NAMES, servers):
            for port, own in (1965, server.gemini), (7070, server.gopher):
                text, count = re.subn(rf"server {name} [\d.]+:{port}\b", f"server {name} 127.0.0.1:{own}", text)
                assert count == 1
        return text

    def ask(self, command):
        with socket.socket(socket.AF_UNIX) as stream:
            stream.connect(str(self.admin))
            stream.sendall(command.encode() + b"\n")
            return smallweb.read_all(stream).decode()

    def states(self):
        """{"one": "UP", ...} as the checks have found them."""
        if not self.admin.exists():
            return {}
        rows = csv.DictReader(self.ask("show stat").lstrip("# ").splitlines())
        # Until the first check a server passes for up.
        return {row["svname"]: row["status"] if row["check_status"] else "" for row in rows
                if row["pxname"] == "gemini" and row["svname"] in NAMES}

    def wait_for(self, **states):
        until(lambda: {name: self.states().get(name) for name in states} == states, 30)


class Cluster:
    def __init__(self):
        self.servers, self.proxy, self.seen = [], None, []

    def start(self, tidings, folder):
        self.paper = folder / "paper"
        write_paper(self.paper)
        for name in NAMES:
            own = folder / name
            own.mkdir()
            self.replicate(own / "content")
            self.servers.append(Server(tidings, own, own / "content", {
                "server": {"workers": 1, "log_addresses": "yes"},
                "gemini": {"certificate": folder / "shared/site.crt", "key": folder / "shared/site.key",
                           "ticket_key": folder / "shared/tickets", "proxy": "127.0.0.1"},
                "gopher": {"proxy": "127.0.0.1"},
            }).start())
        self.proxy = Proxy(folder, self.servers)
        return self

    def replicate(self, target):
        subprocess.run(["rsync", "-a", "--delete", "--delay-updates", f"{self.paper}/", f"{target}/"], check=True)

    def stop(self):
        if self.proxy:
            self.proxy.process.kill()
            self.proxy.process.wait()
        for server in self.servers:
            server.stop()

    def restart(self, server):
        """Where it was, as on a machine of its own."""
        server.configure({"gemini": {"listen": f"127.0.0.1:{server.gemini}"},
                          "gopher": {"listen": f"127.0.0.1:{server.gopher}"}})
        server.start()

    def look_away(self):
        """lines() is about later ones only."""
        self.seen = [len(server.access()) for server in self.servers]

    def lines(self, *words):
        """How many lines of each server's access log have all the words."""
        return [sum(all(word in line for word in words) for line in server.access()[seen:])
                for server, seen in zip(self.servers, self.seen)]


@pytest.fixture(scope="module")
def started(tidings, tmp_path_factory):
    cluster = Cluster()
    try:
        yield cluster.start(tidings, tmp_path_factory.mktemp("cluster"))
    finally:
        cluster.stop()


@pytest.fixture
def cluster(started):
    """All three are up, and stay so or are so again."""
    started.proxy.wait_for(one="UP", two="UP", three="UP")
    started.look_away()
    return started


def gemini(cluster, path, context=None, session=None):
    """The page, and the session it came by."""
    with clients.secure(cluster.proxy.gemini, context, session=session) as tls:
        tls.sendall(clients.url(cluster.proxy.gemini, path))
        status, meta, body = smallweb.split_gemini(smallweb.read_all(tls))
        assert status == 20, f"{status} {meta}"
        assert session is None or tls.session_reused
        return body, tls.session


def status(server):
    done = subprocess.run([server.tidings, "status", "--json", "-c", server.folder / "server.ini"],
                          capture_output=True, timeout=20, check=True)
    return json.loads(done.stdout)


def straight(server, selector):
    """From one server, as HAProxy asks it."""
    with clients.connect(server.gopher) as stream:
        stream.sendall(b"PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\n" + selector + b"\r\n")
        return smallweb.read_all(stream)


def test_checks_are_handshakes_that_stand_in_no_log_and_are_no_requests(cluster):
    def counted(name):
        return [status(server)[name] for server in cluster.servers]

    said = [server.log() for server in cluster.servers]
    replies = counted("replies")
    before = [sum(handshakes.values()) for handshakes in counted("handshakes")]
    until(lambda: all(sum(now.values()) >= then + 2 for now, then in zip(counted("handshakes"), before)), 30)
    assert cluster.lines() == [0, 0, 0] and counted("replies") == replies
    assert [server.log() for server in cluster.servers] == said


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_session_that_was_opened_on_one_server_resumes_on_the_others(cluster, version):
    context = smallweb.tls_context(version, version)
    _, session = gemini(cluster, "/", context)
    for _ in range(8):
        gemini(cluster, "/news/bench", context, session)
    until(lambda: sum(cluster.lines()) == 9)
    assert all(count > 0 for count in cluster.lines("resumed=yes"))


def test_log_has_the_readers_address(cluster):
    for port, request in (cluster.proxy.gopher, b"/news/bench\r\n"), (cluster.proxy.gemini, None):
        with socket.create_connection(("127.0.0.1", port), 20, ("127.0.0.9", 0)) as stream:
            if request is None:
                stream = smallweb.tls_context().wrap_socket(stream, server_hostname="localhost")
                request = clients.url(port, "/news/bench")
            stream.sendall(request)
            smallweb.read_all(stream)
            stream.close()
    until(lambda: sum(cluster.lines("address=127.0.0.9")) == 2)
    assert sum(cluster.lines()) == 2


def test_half_closed_request_gets_all_of_its_reply(cluster):
    with clients.connect(cluster.proxy.gopher) as stream:
        stream.sendall(b"/news/big.bin\r\n")
        stream.shutdown(socket.SHUT_WR)
        assert smallweb.read_all(stream) == BIG


def test_replicated_paper_shows_everywhere(cluster):
    write_article(cluster.paper, "ferry", "A ferry comes")
    for server in cluster.servers:
        cluster.replicate(server.content)
    for server in cluster.servers:
        until(lambda server=server: b"A ferry comes" in straight(server, b"/news/"), 30)


class Readers:
    """Asks without a pause, by Gemini with full and resumed handshakes and by Gopher; notes when requests began that failed."""

    def __init__(self, cluster):
        self.cluster, self.done, self.failed, self.over = cluster, 0, [], threading.Event()
        self.threads = [threading.Thread(target=self.read, args=(way,))
                        for way in (self.full, self.resumed, self.gopher, self.gopher)]
        self.context, self.session = smallweb.tls_context(), None

    def full(self):
        gemini(self.cluster, "/news/bench")

    def resumed(self):
        _, self.session = gemini(self.cluster, "/news/bench", self.context, self.session)

    def gopher(self):
        assert b"A bench is mended" in smallweb.gopher(self.cluster.proxy.gopher, "/news/bench")

    def read(self, way):
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                way()
            except Exception as failure:  # whatever it is, it is a failed request
                self.failed.append((begun, f"{way.__name__}: {type(failure).__name__}: {failure}"))
            self.done += 1

    def go_on(self, requests=100):
        then = self.done
        until(lambda: self.done >= then + requests, 60)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, value, trace):
        self.over.set()
        for thread in self.threads:
            thread.join()


def kill(server):
    """All its processes at once. Returns when they are gone."""
    children = server.pids()
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children))
    return time.monotonic()


def test_killed_server_costs_no_new_request_and_comes_back(cluster):
    one, two, _ = cluster.servers
    with Readers(cluster) as readers:
        readers.go_on()
        gone = kill(one)
        readers.go_on()
        cluster.proxy.wait_for(one="DOWN")
        readers.go_on()
        cluster.restart(one)
        cluster.proxy.wait_for(one="UP")
        had = cluster.lines()[0]
        readers.go_on()
        assert cluster.lines()[0] > had
    held = [failure for begun, failure in readers.failed if begun < gone]
    assert [failure for begun, failure in readers.failed if begun >= gone] == []
    print(f"\n{readers.done} requests, {len(held)} of them held by the killed server")


def test_server_that_is_stopped_costs_no_request_at_all(cluster):
    with Readers(cluster) as readers:
        for name, server in list(zip(NAMES, cluster.servers))[:2]:
            readers.go_on()
            with clients.connect(cluster.proxy.gopher, receive_buffer=4096) as stream:
                stream.sendall(b"/news/big.bin\r\n")
                got = clients.read_exactly(stream, 1000)  # some server is busy for longer
                server.process.terminate()
                readers.go_on()
                got += smallweb.read_all(stream)
            assert got == BIG and server.wait() == 0
            cluster.proxy.wait_for(**{name: "DOWN"})
        readers.go_on()
    print(f"\n{readers.done} requests while two of three servers were stopped, {len(readers.failed)} failed")
    assert readers.failed == []
    for server in cluster.servers[:2]:
        cluster.restart(server)
