"""What a running server tells of itself."""
import json
import os
import re
import signal
import socket
import stat
import subprocess

import pytest

import clients
import smallweb
from clients import ask, ask_tls, secure, url
from running import until

ONE = {"server": {"workers": 1}}


def ask_status(server, *words):
    return subprocess.run([server.tidings, "status", *words, "-c", str(server.folder / "server.ini")],
                          capture_output=True, text=True, timeout=20)


def facts(server):
    done = ask_status(server, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


def test_status_names_every_process_with_its_walls(run):
    server = run({"server": {"workers": 3}})
    processes = facts(server)["processes"]
    assert {process["name"]: process["pid"] for process in processes} == server.children()
    for process in processes:
        assert process["ready"] and process["no_new_privs"] and process["seccomp"]
        assert process["restarts"] == 0
        status = open(f"/proc/{process['pid']}/status").read()
        assert re.search(r"NoNewPrivs:\s+1", status) and re.search(r"Seccomp:\s+2", status)
    assert len({process["landlock"] for process in processes}) == 1


def test_status_counts_replies_by_protocol_and_class(run):
    server = run()
    for path in ("/", "/news/", "/nowhere", "/search", "/news"):
        ask_tls(server.gemini, url(server.gemini, path))
    ask_tls(server.gemini, b"nonsense\r\n")
    for line in (b"\r\n", b"/news/\r\n", b"/nowhere\r\n"):
        ask(server.gopher, line)
    until(lambda: facts(server)["replies"] == {
        "gemini": {"1x": 1, "2x": 2, "3x": 1, "4x": 0, "5x": 2, "6x": 0}, "gopher": {"ok": 2, "error": 1}})
    lines = ask_status(server).stdout.splitlines()
    assert "gemini      replies  1x 1  2x 2  3x 1  4x 0  5x 2  6x 0" in lines
    assert "gopher      replies  ok 2  error 1" in lines


def test_status_counts_handshakes_in_full_and_resumed(run):
    server = run()
    context = smallweb.tls_context()
    with secure(server.gemini, context) as tls:
        tls.sendall(url(server.gemini, "/"))
        smallweb.read_all(tls)
        session = tls.session
    for _ in range(2):
        ask_tls(server.gemini, url(server.gemini, "/"), context=context, session=session)
    until(lambda: facts(server)["handshakes"] == {"full": 1, "resumed": 2})


def test_status_counts_open_connections(run):
    server = run()
    with clients.connect(server.gopher), clients.connect(server.gopher), clients.connect(server.gemini):
        until(lambda: facts(server)["connections"] == {"open": 3, "accepted": 3})
    until(lambda: facts(server)["connections"] == {"open": 0, "accepted": 3})


def test_counts_survive_the_death_of_a_worker_and_a_reload(run):
    server = run(ONE)
    ask(server.gopher, b"/news/\r\n")
    with clients.connect(server.gopher):
        until(lambda: facts(server)["connections"]["open"] == 1)
        server.signal(signal.SIGKILL, "worker 1")
        until(lambda: facts(server)["processes"][1]["restarts"] == 1)
        until(lambda: facts(server)["processes"][1].get("ready"))
    assert facts(server)["connections"]["open"] == 0
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log())
    ask(server.gopher, b"/news/\r\n")
    until(lambda: facts(server)["replies"]["gopher"] == {"ok": 2, "error": 0})
    assert facts(server)["processes"][1]["pid"] == server.children()["worker 1"]


def test_status_tells_of_the_catalogue_and_its_last_scan(run, paper):
    server = run()
    before = facts(server)["sites"][0]
    assert before["scan_ok"] and before["scanned"].endswith("Z")
    (paper / "news" / "bench.gmi").unlink()
    (paper / "news" / "bad.gmi").write_text("no title\n")
    until(lambda: facts(server)["sites"][0]["left_out"] == 1)
    assert facts(server)["sites"][0]["articles"] == before["articles"] - 1
    assert "1 left out" in ask_status(server).stdout
    paper.rename(paper.with_name("elsewhere"))
    server.signal(signal.SIGHUP)
    until(lambda: not facts(server)["sites"][0]["scan_ok"])
    assert "FAILED" in ask_status(server).stdout


def test_status_of_a_server_that_is_stopped_says_that_it_does_not_answer(run):
    server = run()
    server.signal(signal.SIGSTOP)
    try:
        done = ask_status(server)
    finally:
        server.signal(signal.SIGCONT)
    assert (done.returncode, done.stderr) == (1, f"The server on {server.folder}/state does not answer\n")


def test_status_socket_is_its_owners_only(run):
    server = run()
    mode = os.stat(server.folder / "state" / "status.sock").st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600


def test_clients_that_say_something_or_nothing_do_not_keep_the_supervisor(run):
    server = run()
    folder = os.open(server.folder / "state", os.O_PATH)
    held = []
    for _ in range(40):
        client = socket.socket(socket.AF_UNIX)
        client.connect(f"/proc/self/fd/{folder}/status.sock")
        held.append(client)
    assert facts(server)["processes"]
    descriptors = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    for client in held:
        client.close()
    assert facts(server)["processes"]
    assert len(os.listdir(f"/proc/{server.process.pid}/fd")) == descriptors
    os.close(folder)


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_status_of_a_server_that_does_not_run_is_a_sentence(run, words):
    server = run.new()
    done = ask_status(server, *words)
    sentence = f"No server is running on the state folder {server.folder}/state\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
    server.start()
    assert ask_status(server, *words).returncode == 0
    children = server.children().values()
    server.process.kill()
    server.wait()
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children))
    done = ask_status(server, *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
    server.gemini = server.gopher = None
    server.start()
    assert ask_status(server, *words).returncode == 0
