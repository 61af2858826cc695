"""Clients that read all the time, in both protocols, and keep everything that went wrong."""
import random
import ssl
import threading
import time

import smallweb
from clients import secure
from versions import STABLE, version

BASE = "gemini://localhost"
LISTS = ("/news/", "/", "/latest", "/tags/quay")


def ask_gemini(server, path, context=None):
    return smallweb.gemini(server.gemini, f"{BASE}:{server.gemini}{path}", context)


def is_there(server, path):
    return ask_gemini(server, path)[0] == 20


def version_of(server, name):
    """The version of an article that is shown now, and that both protocols agree on in form."""
    status, meta, body = ask_gemini(server, f"/news/{name}")
    assert status == 20, f"{status} {meta} for {name}"
    return version(body)


def is_article(path):
    return not path.endswith("/") and "/page/" not in path


def list_links(server, path):
    """The articles that a list leads to, by Gemini."""
    status, meta, body = ask_gemini(server, path)
    assert status == 20, f"{status} {meta} for {path}"
    base = f"{BASE}:{server.gemini}"
    links = (smallweb.absolute(base + path, target) for target, _ in smallweb.gemtext_links(body))
    return [link[len(base):] for link in links if link.startswith(base + "/news/") and is_article(link)]


def menu_links(server, path):
    reply = smallweb.gopher(server.gopher, path)
    return [item[2] for item in smallweb.menu_items(reply) if item[2].startswith("/news/") and is_article(item[2])]


def gopher_answers(server, selector):
    return not smallweb.gopher(server.gopher, selector).startswith(b"3")


def gemini_answers(server, path):
    return ask_gemini(server, path)[0] // 10 in (2, 3)


def read_article(server, rng):
    version_of(server, rng.choice(STABLE))


def read_text(server, rng):
    page = smallweb.gopher(server.gopher, f"/news/{rng.choice(STABLE)}{rng.choice(('', '.txt'))}")
    assert not page.startswith(b"3"), page[:80]
    version(page)


def follow(server, rng, links_of, answers):
    """A link may have gone stale since the list was read; then a list read now does not have it."""
    path = rng.choice(LISTS)
    links = links_of(server, path)
    assert links, f"{path} is empty"
    link = rng.choice(links)
    if not answers(server, link):
        assert link not in links_of(server, path) or answers(server, link), f"{path} leads to {link}: vanished"


kept = threading.local()  # contexts and sessions of each reader, by TLS version


def read_resumed(server, rng):
    """With the session of the last time, which any worker, old or new, has to take."""
    number = rng.choice((ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3))
    context, session = kept.__dict__.get((server, number), (smallweb.tls_context(number, number), None))
    with secure(server.gemini, context, session=session) as tls:
        tls.sendall(f"{BASE}:{server.gemini}/news/{rng.choice(STABLE)}\r\n".encode())
        status, meta, body = smallweb.split_gemini(smallweb.read_all(tls))
        assert session is None or tls.session_reused, f"the session was not resumed by {number.name}"
        kept.__dict__[server, number] = context, tls.session
    assert status == 20, f"{status} {meta}"
    version(body)


WAYS = (read_article, read_resumed, read_text, lambda server, rng: follow(server, rng, list_links, gemini_answers),
        lambda server, rng: follow(server, rng, menu_links, gopher_answers))


class Readers:
    """`with Readers(server) as readers:` reads until the end, and then fails if any request has."""

    def __init__(self, server, count=3, allowed=0, ways=WAYS):
        self.server, self.allowed, self.ways = server, allowed, ways
        self.failures, self.requests = [], 0
        self.spans = []  # of time, in which a request failed
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.read, args=(seed,)) for seed in range(count)]

    def read(self, seed):
        rng = random.Random(seed)
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                rng.choice(self.ways)(self.server, rng)
            except Exception as failure:  # whatever it is, it is a failed request
                self.failures.append(f"{type(failure).__name__}: {failure}")
                self.spans.append((begun, time.monotonic()))
            self.requests += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, value, trace):
        self.over.set()
        for thread in self.threads:
            thread.join()
        if kind is None:
            assert self.requests > 0
            assert len(self.failures) <= self.allowed, f"{len(self.failures)} of {self.requests}: {self.failures[:5]}"
