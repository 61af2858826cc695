"""A web server, and a paper that takes its news from it."""
import json
import subprocess

import pytest

from web import Web


@pytest.fixture
def web():
    server = Web()
    yield server
    server.stop()


class Importing:
    """A paper in a folder whose sources a test names."""

    def __init__(self, folder, tidings):
        self.folder, self.tidings = folder, tidings
        self.sources = {}
        self.extra = ""
        self.write("content/edition.ini", "name = The Courier\nlanguage = en\n")

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def source(self, name, url, section="news", **settings):
        """Names a source; settings with several lines ("map") are lists."""
        lines = [f"[source {name}]", f"url = {url}", f"section = {section}"]
        settings.setdefault("allow_private", "yes")
        for key, value in settings.items():
            for each in value if isinstance(value, list) else [value]:
                lines.append(f"{key} = {each}")
        self.sources[name] = "\n".join(lines)
        self.configure()

    def configure(self):
        self.write("server.ini", "\n".join([
            "[server]", "content = content", "state = state", "[gemini]", "listen = 127.0.0.1:0",
            "certificate = certs/a.crt", "key = certs/a.key", "[gopher]", "listen = 127.0.0.1:0", "[import]",
            "contact = desk@paper.example", "pause = 0", self.extra, *self.sources.values(), ""]))

    def run(self, *words, code=0):
        done = subprocess.run([self.tidings, "import", *map(str, words)], cwd=self.folder, capture_output=True, timeout=120)
        assert done.returncode == code, (done.stdout.decode(), done.stderr.decode())
        return done

    def out(self, *words, code=0):
        return self.run(*words, code=code).stdout.decode()

    def err(self, *words, code=1):
        return self.run(*words, code=code).stderr.decode()

    def articles(self):
        """Path below content/ -> text, of all articles that were imported."""
        content = self.folder / "content"
        return {str(path.relative_to(content)): path.read_text() for path in sorted(content.rglob("*.gmi"))
                if path.name != "sources.gmi"}

    def article(self):
        """The only one."""
        articles = self.articles()
        assert len(articles) == 1, sorted(articles)
        return next(iter(articles.values()))

    def look(self, text, base="https://paper.example/page", code=0, name="input"):
        """What --dry-run --json makes of a document: its lines as objects."""
        path = self.write(name, text)
        out = self.out("--dry-run", "--json", "--base", base, path, code=code)
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def paper(tidings, tmp_path):
    return Importing(tmp_path, tidings)
