"""The error log: where it goes, what it tells, and how it is opened again."""
import os
import re
import signal
import socket
import subprocess

import pytest

from papers import write_article
from running import until

LINE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [a-z0-9 ]+: (error|warning|info): .+"


def test_a_file_takes_the_place_of_standard_error_for_every_process(run, paper):
    server = run.new()
    path = server.folder / "error.log"
    server.configure({"server": {"error_log": path}})
    server.launch()
    until(lambda: "is served" in server.out(), 60)
    (paper / "news" / "bad.gmi").write_text("no article\n")
    until(lambda: "editor: error: news/bad.gmi" in path.read_text())
    assert server.log() == ""
    lines = path.read_text().splitlines()
    assert "listening protocol=gemini" in path.read_text()
    assert all(re.fullmatch(LINE, line) for line in lines), lines


def test_it_is_opened_again_for_every_process_after_it_was_renamed(run, paper):
    server = run.new()
    path, old = server.folder / "error.log", server.folder / "error.log.1"
    server.configure({"server": {"error_log": path}})
    server.launch()
    until(lambda: "is served" in server.out(), 60)
    path.rename(old)
    (paper / "news" / "one.gmi").write_text("no article\n")
    until(lambda: "news/one.gmi" in old.read_text())
    server.signal(signal.SIGUSR1)
    until(path.exists)
    (paper / "news" / "two.gmi").write_text("no article\n")
    until(lambda: "editor: error: news/two.gmi" in path.read_text())
    server.signal(signal.SIGKILL, "worker 1")
    until(lambda: "worker 1 was ended by signal 9" in path.read_text())
    assert "news/two.gmi" not in old.read_text()


@pytest.mark.parametrize("level, told", [("error", {"error"}), ("warning", {"error", "warning"}), ("info", {"error", "warning", "info"})])
def test_level_is_the_least_that_is_told(run, paper, level, told):
    write_article(paper, "odd", "Odd", Colour="red")
    (paper / "news" / "bad.gmi").write_text("no article\n")
    server = run.new({"server": {"log_level": level}})
    server.launch()
    until(lambda: "is served" in server.out(), 60)
    assert set(re.findall(r"^\S+ [a-z ]+: (\w+): ", server.log(), re.M)) == told


def test_lines_for_the_journal_carry_their_level_and_no_time(run, paper):
    """The journal's end of standard error is a stream socket, which JOURNAL_STREAM names."""
    (paper / "news" / "bad.gmi").write_text("no article\n")
    server = run.new()
    ours, theirs = socket.socketpair()
    stat = os.fstat(theirs.fileno())
    process = subprocess.Popen([server.tidings, "serve", "-c", str(server.folder / "server.ini")], cwd=server.folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
                               env={"PATH": "/usr/bin:/bin", "JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"})
    server.process = process
    theirs.close()
    text = b""
    ours.settimeout(60)
    while b"bad.gmi" not in text or not text.endswith(b"\n"):
        text += ours.recv(4096)
    lines = text.decode().splitlines()
    assert all(re.fullmatch(r"<[346]>[a-z0-9 ]+: .+", line) for line in lines), lines
    assert any(line.startswith("<3>editor: news/bad.gmi") for line in lines)
    assert any(line.startswith("<6>tidings: listening protocol=") for line in lines)


def test_a_start_that_fails_says_why_in_both_places(run):
    server = run.new()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        path = server.folder / "error.log"
        server.configure({"server": {"error_log": path}, "gopher": {"listen": f"127.0.0.1:{port}"}})
        assert server.launch().wait(30) == 1
    sentence = f"[gopher] listen: 127.0.0.1:{port}: "
    assert sentence in server.log() and sentence in path.read_text()


def test_where_it_goes_needs_a_restart(run):
    server = run()
    server.configure({"server": {"error_log": server.folder / "error.log"}})
    server.signal(signal.SIGHUP)
    until(lambda: "[server] error_log cannot change without a restart" in server.log())
