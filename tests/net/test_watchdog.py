"""Processes that hang: ended and replaced."""
import json
import signal
import subprocess

from clients import ask
from running import until

EVERYBODY = ["editor", "metrics", "worker 1", "worker 2"]


def uptime(server):
    command = [server.tidings, "status", "--json", "-c", str(server.folder / "server.ini")]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=20).stdout)["uptime"]


def test_stopped_children_are_replaced_and_a_stopped_supervisor_blames_nobody(run):
    """Two servers at once, for it takes ten seconds."""
    settings = {"server": {"workers": 2}, "metrics": {"listen": "127.0.0.1:0"}}
    hung, paused = run(settings), run(settings)
    before = {}
    for server in (hung, paused):
        until(lambda: sorted(server.children()) == EVERYBODY)
        before[server] = server.children()
    paused.signal(signal.SIGSTOP)
    try:
        for child in ("editor", "metrics", "worker 2"):
            hung.signal(signal.SIGSTOP, child)
        for child in ("editor", "metrics", "worker 2"):
            until(lambda: f"{child} has not answered for 10 seconds and is ended" in hung.log(), 40)
            until(lambda: hung.children().get(child, before[hung][child]) != before[hung][child])
    finally:
        paused.signal(signal.SIGCONT)
    assert hung.children()["worker 1"] == before[hung]["worker 1"]
    for _ in range(10):  # those that waited in the hung worker's queue, too
        assert ask(hung.gopher, b"/news/\r\n").count(b"The Socket Courier") == 1
    since = uptime(paused)
    until(lambda: uptime(paused) >= since + 3)  # time enough to blame somebody
    assert paused.children() == before[paused]
    paused.signal(signal.SIGTERM)
    assert paused.wait() == 0
    assert "has not answered" not in paused.log() and "ended by" not in paused.log()
