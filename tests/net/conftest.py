"""Servers of one's own, on a small paper that each test may change."""
import pytest

from papers import write_paper
from running import Server


@pytest.fixture
def paper(tmp_path):
    """The folder of the paper."""
    folder = tmp_path / "paper"
    write_paper(folder)
    return folder


@pytest.fixture
def run(tidings, tmp_path, paper):
    """run({section: {key: value}}) starts a server on the paper; run.new(...) only prepares one."""
    servers = []

    def new(settings=None):
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        servers.append(Server(tidings, folder, paper, settings))
        return servers[-1]

    def start(settings=None):
        return new(settings).start()

    start.new = new
    yield start
    for server in servers:
        server.stop()
