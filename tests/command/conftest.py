"""What the tests of the commands share: a small paper of one's own, and a way to run commands on it."""
import subprocess

import pytest

SERVER_INI = """\
[server]
content = content
state = state
[gemini]
listen = 127.0.0.1:1965
hostname = news.example, www.news.example
certificate = certs/a.crt
key = certs/a.key
[gopher]
listen = 127.0.0.1:7070
hostname = gopher.example
"""

PAPER = {
    "edition.ini": "name = The Test Courier\nslogan = News for machines\ncontact = desk@example.org\n",
    "about.gmi": "Title: About\n\nA paper.\n",
    "news/section.ini": "name = News\n",
    "news/bench.gmi": "Title: A bench is mended\nDate: 2026-03-01T08:00:00Z\nSummary: It holds again.\n"
                      "Author: Ada Pier\nTag: benches\n\nThe bench at the quay holds again.\n",
    "news/bridge.gmi": "Title: A bridge opens\nDate: 2026-03-02T08:00:00Z\nSummary: On time.\n"
                       "Author: Bo Quay\nTag: bridges\nRelated: /news/bench\n\nIt opened.\n\n"
                       "=> bench Read more: A bench is mended\n",
    "news/dot.txt": "A plain file.\n",
}


class Paper:
    """A paper in a folder, and the binary that works on it."""

    def __init__(self, folder, tidings):
        self.folder, self.tidings = folder, tidings
        self.write("server.ini", SERVER_INI, below="")
        for name, text in PAPER.items():
            self.write(name, text)

    def write(self, name, text, below="content"):
        path = self.folder / below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *words, code=0):
        """Runs a command on the paper; asserts its exit code."""
        done = subprocess.run([self.tidings, *map(str, words)], cwd=self.folder, capture_output=True, timeout=60)
        assert done.returncode == code, (done.stdout, done.stderr)
        return done

    def out(self, *words, code=0):
        return self.run(*words, code=code).stdout.decode()

    def err(self, *words, code=1):
        return self.run(*words, code=code).stderr.decode()


@pytest.fixture
def paper(tmp_path, tidings):
    return Paper(tmp_path, tidings)
