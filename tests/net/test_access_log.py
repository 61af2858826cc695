"""The access log while the server runs: its form, and that it can be renamed and opened again."""
import json
import os
import signal

import clients
import smallweb
from clients import ask, ask_tls, secure, url
from papers import BIG
from running import until


def logs(pid):
    """Names of the access logs that a process has open."""
    links = []
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            links.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
        except FileNotFoundError:
            pass
    return {os.path.basename(link) for link in links if "access" in link}


def rotate(server):
    (server.folder / "access.log").rename(server.folder / "access.1")
    server.signal(signal.SIGUSR1)
    pids = [server.process.pid, *(pid for name, pid in server.children().items() if name.startswith("worker"))]
    until(lambda: all(logs(pid) == {"access.log"} for pid in pids))


def test_renamed_log_is_opened_again_on_sigusr1_and_no_line_is_lost(run):
    server = run({"server": {"workers": 3}})
    for _ in range(10):
        assert ask(server.gopher, b"/news/\r\n")
    until(lambda: len(server.access()) == 10)
    rotate(server)
    assert server.access() == []
    for _ in range(10):
        assert ask(server.gopher, b"/news/\r\n")
    until(lambda: len(server.access()) == 10)
    assert len((server.folder / "access.1").read_text().splitlines()) == 10


def test_successors_of_a_worker_write_in_the_new_log(run):
    server = run({"server": {"workers": 1}})
    rotate(server)
    first = server.children()["worker 1"]
    os.kill(first, signal.SIGKILL)
    until(lambda: server.children().get("worker 1", first) != first)
    assert ask(server.gopher, b"/news/\r\n")
    until(lambda: len(server.access()) == 1)


def test_sigusr1_and_sighup_together_end_in_the_new_log(run):
    server = run({"server": {"workers": 2}})
    (server.folder / "access.log").rename(server.folder / "access.1")
    server.signal(signal.SIGHUP)
    server.signal(signal.SIGUSR1)
    until(lambda: "reloaded" in server.log())
    until(lambda: len(server.children()) == 3)
    for _ in range(10):
        assert ask(server.gopher, b"/news/\r\n")
    until(lambda: len(server.access()) == 10)


def test_download_goes_on_while_the_log_changes(run):
    server = run({"server": {"workers": 1}})
    with secure(server.gemini, receive_buffer=4096) as tls:
        tls.sendall(url(server.gemini, "/news/big.bin"))
        got = clients.read_exactly(tls, 1000)
        rotate(server)
        got += smallweb.read_all(tls)
    assert smallweb.split_gemini(got)[2] == BIG
    until(lambda: len(server.access()) == 1)


def test_log_that_cannot_be_opened_again_is_told_and_the_old_one_goes_on(run):
    server = run({"server": {"workers": 1}})
    (server.folder / "access.log").rename(server.folder / "access.1")
    (server.folder / "access.log").mkdir()
    server.signal(signal.SIGUSR1)
    until(lambda: "Is a directory; the old file goes on" in server.log())
    assert ask(server.gopher, b"/news/\r\n")
    until(lambda: (server.folder / "access.1").read_text().count("\n") == 1)


def test_sigusr1_without_a_log_file_changes_nothing(run):
    for log in ("none", "-"):
        server = run({"server": {"workers": 1, "access_log": log}})
        server.signal(signal.SIGUSR1)
        until(lambda: "opening the logs again" in server.log())
        assert ask(server.gopher, b"/news/\r\n")
        if log == "-":
            until(lambda: "path=" in server.out())


def test_json_log_has_an_object_for_each_reply(run):
    server = run({"server": {"workers": 1, "log_format": "json", "log_addresses": "yes"}})
    paths = ["/news/", '/"', "/\\", "/\x7f", "/\xff\xfe", "/{}", "/search"]
    for path in paths:
        ask(server.gopher, path.encode("latin-1") + b"\r\n")
    ask_tls(server.gemini, url(server.gemini, "/news/?secret"))
    until(lambda: len(server.access()) == len(paths) + 1)
    lines = [json.loads(line) for line in server.access()]
    assert [line["path"] for line in lines] == [
        "/news/", '/"', "/\\", "/\\x7f", "/\\xff\\xfe", "/{}", "/search", "/news/"]
    assert {line["address"] for line in lines} == {"127.0.0.1"}
    assert lines[-1].items() >= {"proto": "gemini", "status": 20, "complete": True, "tls": "TLSv1.3"}.items()
    assert "tls" not in lines[0] and lines[0]["proto"] == "gopher"


def test_log_format_changes_with_a_reload(run):
    server = run({"server": {"workers": 1}})
    server.configure({"server": {"log_format": "json"}})
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log())
    ask(server.gopher, b"/news/\r\n")
    until(lambda: len(server.access()) == 1)
    assert json.loads(server.access()[0])["path"] == "/news/"
