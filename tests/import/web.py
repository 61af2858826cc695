"""A web server on 127.0.0.1 whose answers a test decides, and which remembers what it was asked."""
import gzip
import http.server
import threading
import time


class Answer:
    """What is at a path. body may be bytes or a text; wait is seconds before the answer."""

    def __init__(self, body=b"", status=200, type="text/html; charset=utf-8", headers=None, wait=0, cut=0, gzipped=False,
                 drip=0):
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.type, self.wait, self.cut, self.gzipped, self.drip = status, type, wait, cut, gzipped, drip
        self.headers = dict(headers or {})


class Web:
    def __init__(self):
        self.pages, self.asked, self.at_once, self.most_at_once = {}, [], 0, 0
        self.lock = threading.Lock()
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                web.answer(self)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path, body="", **how):
        """Puts an answer at a path; "$URL" in texts is this server's address. Several calls in a row replace it."""
        if isinstance(body, str):
            body = body.replace("$URL", self.url)
        self.pages[path] = Answer(body, **how)

    def paths(self):
        return [path for path, _ in self.asked]

    def headers_of(self, path):
        return [headers for asked, headers in self.asked if asked == path]

    def forget(self):
        self.asked.clear()

    def answer(self, handler):
        with self.lock:
            self.asked.append((handler.path, dict(handler.headers.items())))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.send(handler, self.pages.get(handler.path) or Answer("nothing here", status=404))
        except OSError:
            pass
        finally:
            with self.lock:
                self.at_once -= 1

    def send(self, handler, answer):
        time.sleep(answer.wait)
        etag = answer.headers.get("ETag")
        if etag and handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.send_header("ETag", etag)
            handler.end_headers()
            return
        body = gzip.compress(answer.body) if answer.gzipped else answer.body
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.type)
        handler.send_header("Content-Length", str(len(body) + answer.cut))
        if answer.gzipped:
            handler.send_header("Content-Encoding", "gzip")
        for name, value in answer.headers.items():
            handler.send_header(name, value.replace("$URL", self.url))
        handler.end_headers()
        if answer.drip:
            for i in range(len(body)):
                handler.wfile.write(body[i:i + 1])
                handler.wfile.flush()
                time.sleep(answer.drip)
        else:
            handler.wfile.write(body)
        if answer.cut:
            handler.close_connection = True

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def rss(*items, title="The Harbour Post"):
    """A feed with items, each a dict of element names and texts, escaped here."""
    def escape(text):
        return text.replace("&", "&amp;").replace("<", "&lt;")

    body = "".join("<item>" + "".join(f"<{name}>{escape(text)}</{name.split(' ')[0]}>" for name, text in item.items()) +
                   "</item>" for item in items)
    return ('<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>{title}</title><link>$URL/</link><description>News of the quay</description>{body}</channel></rss>")
