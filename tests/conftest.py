"""What the tests over real sockets share: the binary, papers, and servers."""
import os
import pathlib
import subprocess
import sys

import pytest

from running import Server

ROOT = pathlib.Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def tidings():
    path = pathlib.Path(os.environ.get("TIDINGS", ROOT / "build" / "tidings")).resolve()
    assert path.exists(), f"{path} is not built"
    return str(path)


@pytest.fixture(scope="session")
def content():
    """The sample paper."""
    return ROOT / "content"


@pytest.fixture(scope="session")
def generated_paper(tmp_path_factory):
    """Three editions and 1,000 articles."""
    folder = tmp_path_factory.mktemp("generated")
    subprocess.run([sys.executable, ROOT / "tests" / "tools" / "make_paper.py", folder, "1000"], check=True)
    return folder


@pytest.fixture(scope="module")
def serve(tidings, tmp_path_factory):
    """serve(content, {section: {key: value}}) starts a server that lives until the module's tests are done."""
    servers = []

    def start(paper, settings=None):
        servers.append(Server(tidings, tmp_path_factory.mktemp("serve"), paper, settings))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()
