"""Servers that are treated badly. TIDINGS_LONG=1 (`make chaos`) does everything more often."""
import os
import pathlib
import resource
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "net"))

from running import Server  # noqa: E402
from versions import write_paper  # noqa: E402

# Hundreds of clients live in this one process.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most if most != resource.RLIM_INFINITY else 65536, most))


@pytest.fixture
def often():
    """often(short, long): how many times to do something."""
    return lambda short, long: long if os.environ.get("TIDINGS_LONG") else short


@pytest.fixture
def paper(tmp_path):
    """The folder of a paper whose articles tell whether they are whole."""
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
