"""The page for Prometheus."""
import os
import re
import resource
import signal
import urllib.error
import urllib.request

import clients
from clients import ask
from running import until

HERE = {"metrics": {"listen": "127.0.0.1:0"}}


def fetch(server, path="/metrics", **how):
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{server.metrics}{path}", **how),
                                timeout=10) as answer:
        return answer.headers, answer.read().decode()


def refused(server, *what, **how):
    try:
        fetch(server, *what, **how)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return None


def figures(server):
    """{"name{labels}": value}; every line must be of the format."""
    found, name = {}, ""
    for line in fetch(server)[1].splitlines():
        if line.startswith("#"):
            name = re.fullmatch(r"# (?:HELP (\w+) [A-Z1].*\.|TYPE (\w+) (?:counter|gauge))", line)
            assert name, line
        else:
            match = re.fullmatch(r'((\w+)(?:\{\w+="[^"\\]+"(?:,\w+="[^"\\]+")*\})?) (\d+)', line)
            assert match and match[2] == name[2], line
            assert match[1] not in found
            found[match[1]] = int(match[3])
    return found


def test_metrics_tell_what_status_tells(run):
    server = run({"server": {"workers": 2}, **HERE})
    headers, text = fetch(server)
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert text.endswith("\n")
    for line in (b"\r\n", b"/nowhere\r\n", b"/news/\r\n"):
        ask(server.gopher, line)
    with clients.connect(server.gopher):
        until(lambda: figures(server)["tidings_connections"] == 1)
    found = until(lambda: (got := figures(server))["tidings_connections"] == 0 and got)
    assert found['tidings_replies_total{protocol="gopher",class="ok"}'] == 2
    assert found['tidings_replies_total{protocol="gopher",class="error"}'] == 1
    assert found['tidings_replies_total{protocol="gemini",class="2x"}'] == 0
    assert found["tidings_connections_accepted_total"] == 4
    assert found['tidings_articles{site="localhost"}'] > 0 and found['tidings_scan_ok{site="localhost"}'] == 1
    for process in server.children():
        until(lambda: figures(server)[f'tidings_process_up{{process="{process}"}}'] == 1)


def test_metrics_have_a_process_of_their_own_behind_its_walls(run):
    server = run(HERE)
    until(lambda: sorted(server.children()) == ["editor", "metrics", "worker 1", "worker 2"])
    fetch(server)
    pid = server.children()["metrics"]
    status = open(f"/proc/{pid}/status").read()
    assert re.search(r"NoNewPrivs:\s+1", status) and re.search(r"Seccomp:\s+2", status)
    sockets = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    assert not any(str(server.folder / "state") in name for name in sockets)


def test_killed_metrics_come_back_and_count_it(run):
    server = run(HERE)
    until(lambda: "metrics" in server.children())
    server.signal(signal.SIGKILL, "metrics")
    until(lambda: figures(server)['tidings_process_restarts_total{process="metrics"}'] == 1)


def test_only_this_page_is_there_and_only_for_reading(run):
    server = run(HERE)
    assert refused(server, "/") == refused(server, "/metrics/../etc/passwd") == 404
    assert refused(server, data=b"x") == 501
    assert refused(server, method="DELETE") == 501
    assert refused(server, headers={"X": "x" * 20000}) == 400
    assert figures(server)


def test_idle_and_broken_clients_do_not_keep_the_page_from_others(run):
    server = run(HERE)
    pid = until(lambda: server.children().get("metrics"))
    fetch(server)
    room = len(os.listdir(f"/proc/{pid}/fd")) + 8
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (room, room))
    held = [clients.connect(server.metrics) for _ in range(20)]
    for stream in held[:8]:
        stream.sendall(b"\x00\xff nonsense\r\n\r\n")
    for stream in held:
        stream.close()
    until(lambda: figures(server))
    assert server.children()["metrics"] == pid
    assert len(server.log()) < 4000


def test_without_the_section_nothing_is_handed_out(run):
    server = run()
    assert sorted(server.children()) == ["editor", "worker 1", "worker 2"]
    assert "protocol=metrics" not in server.log()


def test_metrics_end_with_the_server(run):
    server = run(HERE)
    until(lambda: "metrics" in server.children())
    server.process.terminate()
    assert server.wait() == 0
    assert "does not finish" not in server.log()


def test_metrics_cannot_change_in_a_reload(run):
    server = run(HERE)
    server.configure({"metrics": None})
    server.signal(signal.SIGHUP)
    until(lambda: "[metrics] cannot change without a restart" in server.log())


def test_metrics_port_in_use_is_said_and_nothing_starts(run):
    first = run(HERE)
    second = run.new({"metrics": {"listen": f"127.0.0.1:{first.metrics}"}})
    second.launch()
    assert second.wait() == 1
    assert f"[metrics] listen: 127.0.0.1:{first.metrics}: the port is in use" in second.log()
