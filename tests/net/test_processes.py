"""Supervisor, editor and workers: starting, dying, reloading, ending."""
import hashlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

import clients
import smallweb
from clients import ask, ask_tls, secure, url
from papers import BIG, write_article
from running import Server, until

ONE = {"server": {"workers": 1}}


def status(server, path="/"):
    return int(ask_tls(server.gemini, url(server.gemini, path))[:2])


def exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"


def certificate_of(server):
    with secure(server.gemini) as tls:
        return tls.getpeercert(binary_form=True)


def make_certificate(server, certificate, key):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "9",
                    "-keyout", server.folder / key, "-out", server.folder / certificate],
                   check=True, capture_output=True)
    (server.folder / key).chmod(0o600)


def test_addresses_and_fingerprint_are_printed_once_the_paper_is_served(run):
    server = run({"server": {"workers": 3}})
    out = server.out()
    assert f"\ngemini://localhost:{server.gemini}/\n" in out and f"\ngopher://localhost:{server.gopher}/\n" in out
    assert f"lagrange gemini://localhost:{server.gemini}/\n" in out
    assert f"amfora localhost:{server.gemini}\n" in out
    assert f"lynx gopher://localhost:{server.gopher}/\n" in out
    fingerprint = hashlib.sha256(certificate_of(server)).hexdigest().upper()
    assert ":".join(fingerprint[i:i + 2] for i in range(0, 64, 2)) in out
    assert sorted(server.children()) == ["editor", "worker 1", "worker 2", "worker 3"]
    assert os.stat(server.folder / "site.key").st_mode & 0o777 == 0o600


def test_all_workers_answer_on_the_one_port(run):
    server = run({"server": {"workers": 3}})
    assert {status(server) for _ in range(30)} == {20}
    assert server.log().count("listening protocol=gemini") == 1


def test_killed_worker_is_back_within_a_second_and_loses_no_queued_connection(run):
    server = run(ONE)
    first = server.children()["worker 1"]
    os.kill(first, signal.SIGKILL)
    begun = time.monotonic()
    assert status(server) == 20
    assert time.monotonic() - begun < 1
    assert server.children()["worker 1"] != first
    assert "worker 1 was ended by signal 9" in server.log()


def test_worker_that_dies_again_and_again_comes_back_ever_later(run):
    server = run(ONE)
    for delay in (100, 200, 400):
        os.kill(until(lambda: server.children().get("worker 1")), signal.SIGKILL)
        until(lambda: f"starts in {delay} ms" in server.log())
        until(lambda: server.children().get("worker 1"))
    assert status(server) == 20


def test_other_workers_serve_while_one_is_stopped(run):
    server = run({"server": {"workers": 2}})
    server.signal(signal.SIGSTOP, "worker 2")
    answered = 0
    try:
        for _ in range(12):
            with clients.connect(server.gopher) as stream:
                stream.settimeout(0.5)
                stream.sendall(b"\r\n")
                try:
                    answered += bool(smallweb.read_all(stream))
                except TimeoutError:
                    pass
    finally:
        server.signal(signal.SIGCONT, "worker 2")
    assert answered > 0


def test_killed_editor_is_back_and_sees_what_is_new(run, paper):
    server = run()
    first = server.children()["editor"]
    os.kill(first, signal.SIGKILL)
    assert status(server, "/news/bench") == 20
    write_article(paper, "late", "A late story")
    until(lambda: status(server, "/news/late") == 20)
    assert server.children()["editor"] != first


def test_new_article_shows_by_itself(run, paper):
    server = run()
    write_article(paper, "new", "A new story")
    until(lambda: status(server, "/news/new") == 20, 5)
    (paper / "news" / "new.gmi").unlink()
    until(lambda: status(server, "/news/new") == 51, 5)


def test_new_article_shows_on_sighup(run, paper):
    server = run()
    write_article(paper, "new", "A new story")
    server.signal(signal.SIGHUP)
    until(lambda: status(server, "/news/new") == 20, 5)


def test_children_vanish_with_their_supervisor_and_the_ports_are_free(run):
    server = run()
    children = server.children().values()
    os.kill(server.process.pid, signal.SIGKILL)
    server.wait()
    until(lambda: not any(map(exists, children)), 3)
    listen = {"gemini": {"listen": f"127.0.0.1:{server.gemini}"}, "gopher": {"listen": f"127.0.0.1:{server.gopher}"}}
    server.configure(listen)
    server.start()
    assert status(server) == 20


def test_sigterm_lets_a_download_finish_and_ends_with_0(run):
    server = run(ONE)
    with secure(server.gemini, receive_buffer=4096) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        got = clients.read_exactly(tls, 1000)
        server.process.terminate()
        until(lambda: "finishing" in server.log())
        time.sleep(0.3)
        assert server.process.poll() is None
        with pytest.raises(OSError):  # new ones are no longer taken, or not answered
            with clients.connect(server.gopher) as late:
                late.settimeout(0.5)
                late.sendall(b"\r\n")
                assert late.recv(1) == b""
                raise ConnectionError
        got += smallweb.read_all(tls)
    assert smallweb.split_gemini(got)[2] == BIG
    assert server.wait() == 0


def test_sigterm_ends_at_once_when_nobody_is_served(run):
    server = run()
    begun = time.monotonic()
    server.process.terminate()
    assert server.wait() == 0
    assert time.monotonic() - begun < 2


def test_sigterm_does_not_wait_for_silent_clients(run):
    server = run({"limits": {"request_time": 60, "handshake_time": 60}})
    with clients.connect(server.gemini), clients.connect(server.gopher), secure(server.gemini) as tls:
        begun = time.monotonic()
        server.process.terminate()
        assert tls.recv(1) == b""  # close_notify
        assert server.wait() == 0
        assert time.monotonic() - begun < 7


def test_second_sigterm_ends_at_once(run):
    server = run(ONE)
    with clients.connect(server.gopher, receive_buffer=4096) as stream:
        stream.sendall(b"/news/big.bin\r\n")
        clients.read_exactly(stream, 1000)
        server.process.terminate()
        until(lambda: "finishing" in server.log())
        begun = time.monotonic()
        server.process.terminate()
        server.wait()
        assert time.monotonic() - begun < 2


def test_ctrl_c_in_a_terminal_ends_it_cleanly(run):
    """The terminal sends SIGINT to the whole group; only the supervisor acts on it."""
    server = run()
    os.killpg(server.process.pid, signal.SIGINT)
    assert server.wait() == 0
    assert "ended by" not in server.log() and "exit code" not in server.log()


def test_a_missing_state_folder_is_made_and_those_above_it(run, tmp_path):
    server = run({"server": {"state": tmp_path / "var/lib/tidings"}})
    assert status(server) == 20
    assert (tmp_path / "var/lib/tidings").stat().st_mode & 0o777 == 0o750


def test_sighup_takes_a_new_certificate_without_dropping_a_download(run):
    server = run()
    old = certificate_of(server)
    with secure(server.gemini, receive_buffer=4096) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        got = clients.read_exactly(tls, 1000)
        make_certificate(server, "site.crt", "site.key")
        server.signal(signal.SIGHUP)
        until(lambda: "reloaded" in server.log())
        assert certificate_of(server) != old
        got += smallweb.read_all(tls)
    assert smallweb.split_gemini(got)[2] == BIG
    until(lambda: sorted(server.children()) == ["editor", "worker 1", "worker 2"])


def test_requests_go_on_without_a_fault_during_reloads(run):
    server = run()
    for count in range(1, 6):
        server.signal(signal.SIGHUP)
        while server.log().count("reloaded") < count:
            assert status(server) == 20
            assert ask(server.gopher, b"\r\n")
    assert {status(server) for _ in range(10)} == {20}


def test_session_outlives_a_reload_and_a_killed_worker(run):
    server = run(ONE)
    context = smallweb.tls_context()
    with secure(server.gemini, context) as tls:
        tls.sendall(url(server.gemini, "/"))
        smallweb.read_all(tls)
        session = tls.session
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log())
    os.kill(server.children()["worker 1"], signal.SIGKILL)
    with secure(server.gemini, context, session=session) as tls:
        assert tls.session_reused


def test_mismatched_certificate_on_sighup_leaves_the_old_one(run):
    server = run()
    old = certificate_of(server)
    make_certificate(server, "site.crt", "other.key")
    server.signal(signal.SIGHUP)
    until(lambda: "is not the key of" in server.log())
    assert certificate_of(server) == old
    assert "the old settings stay" in server.log()


def test_bad_config_on_sighup_is_told_with_its_line_and_the_old_one_stays(run):
    server = run()
    lines = (server.folder / "server.ini").read_text()
    (server.folder / "server.ini").write_text(lines + "nonsense = 1\n")
    server.signal(signal.SIGHUP)
    where = f"server.ini:{len(lines.splitlines()) + 1}: "
    until(lambda: where in server.log())
    assert status(server) == 20


def test_setting_that_needs_new_sockets_is_told_on_sighup(run):
    server = run()
    server.configure({"gopher": {"listen": "127.0.0.2:0"}})
    server.signal(signal.SIGHUP)
    until(lambda: "[gopher] listen cannot change without a restart" in server.log())
    assert ask(server.gopher, b"\r\n")


def test_sighup_takes_new_settings(run):
    server = run({"limits": {"request_time": 60}})
    server.configure({"limits": {"request_time": 1}})
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log())
    begun = time.monotonic()
    assert ask(server.gopher, b"") == b""
    assert time.monotonic() - begun < 3


def order_of(server, *titles):
    """Titles in the order in which /most-read lists them."""
    page = ask(server.gopher, b"/most-read\r\n").decode()
    return sorted(titles, key=page.index)


def test_only_complete_replies_count_as_read(run, paper):
    write_article(paper, "other", "Another story")
    server = run(ONE)
    for _ in range(6):  # begun, never finished
        tls = secure(server.gemini, receive_buffer=4096)
        tls.sendall(url(server.gemini, "/news/long"))
        clients.read_exactly(tls, 1000)
        clients.reset(tls)
    for _ in range(2):
        assert status(server, "/news/bench") == 20
    assert status(server, "/news/other") == 20
    until(lambda: order_of(server, "A long story", "A bench is mended", "Another story")
          == ["A bench is mended", "Another story", "A long story"], 15)
    until(lambda: sum("complete=no" in line for line in server.access()) == 6)


def test_reads_survive_the_end_of_the_server(run):
    server = run(ONE)
    for _ in range(3):
        assert b"word" in ask(server.gopher, b"/news/long.txt\r\n")
        assert status(server, "/news/long") == 20
    server.process.terminate()
    assert server.wait() == 0
    server.gemini = server.gopher = None
    server.start()
    assert order_of(server, "A bench is mended", "A long story")[0] == "A long story"


def test_full_server_takes_waiting_clients_when_there_is_room(run):
    server = run({"server": {"workers": 1}, "limits": {"connections": 4, "per_address": 100, "request_time": 2}})
    held = [clients.connect(server.gopher) for _ in range(4)]
    with clients.connect(server.gopher) as stream:
        stream.sendall(b"\r\n")
        assert smallweb.read_all(stream)  # when the silent ones have run out of time
    assert "accepting pauses" in server.log()
    for stream in held:
        stream.close()


def test_descriptors_that_run_out_pause_accepting_and_come_back(run):
    server = run({"server": {"workers": 1}, "limits": {"per_address": 1000, "request_time": 3}})
    worker = server.children()["worker 1"]
    subprocess.run(["prlimit", f"--pid={worker}", "--nofile=40:40"], check=True)
    held = [clients.connect(server.gopher) for _ in range(60)]
    until(lambda: "accepting pauses" in server.log())
    ticks = sum(map(int, open(f"/proc/{worker}/stat").read().rsplit(")", 1)[1].split()[11:13]))
    time.sleep(1)
    used = sum(map(int, open(f"/proc/{worker}/stat").read().rsplit(")", 1)[1].split()[11:13])) - ticks
    assert used < 0.2 * os.sysconf("SC_CLK_TCK")
    for stream in held:
        stream.close()
    until(lambda: ask(server.gopher, b"\r\n").startswith(b"i"), 5)
    assert server.log().count("accepting pauses") < 3
    assert server.children()["worker 1"] == worker


@pytest.mark.skipif(not socket.has_ipv6 or not os.path.exists("/proc/net/if_inet6"), reason="no IPv6 here")
def test_ipv6_and_ipv4_are_served_side_by_side(run):
    server = run({"gopher": {"listen": "[::1]:0, 127.0.0.1:0"}})
    assert "listening protocol=gopher address=::1 port=" in server.log()
    assert smallweb.gopher(server.gopher, "", address="::1").startswith(b"iThe Socket Courier")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_children_become_the_configured_user(tidings, paper):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copytree(paper, f"{folder}/paper")
        server = Server(tidings, pathlib.Path(folder), f"{folder}/paper", {"server": {"user": "nobody"}})
        try:
            server.start()
            assert status(server, "/news/bench") == 20
            for pid in server.children().values():
                uids = re.search(r"Uid:\s+(.*)", open(f"/proc/{pid}/status").read())[1].split()
                assert set(uids) == {str(pwd.getpwnam("nobody").pw_uid)}
        finally:
            server.stop()


def test_children_are_behind_their_walls(run):
    server = run()
    for pid in server.children().values():
        state = open(f"/proc/{pid}/status").read()
        assert re.search(r"NoNewPrivs:\s+1\n", state) and re.search(r"Seccomp:\s+2\n", state)


def test_children_hold_no_descriptor_of_each_other(run):
    """A lifeline that a sibling held would not end with its supervisor."""
    server = run({"server": {"workers": 2}})
    children = server.children()
    links = {name: [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
             for name, pid in children.items()}
    sockets = {name: {link for link in held if link.startswith("socket:")} for name, held in links.items()}
    assert len(sockets["worker 1"]) == 4  # Gemini, Gopher, the lifeline, the way to the editor
    assert len(sockets["worker 1"] & sockets["worker 2"]) == 1
    assert not sockets["editor"] & sockets["worker 1"]
