#!/usr/bin/python3
"""
Starts $PASS_TO with sockets as a service manager does, from descriptor 3 on. $PASS says which: words such as
gemini=tcp, gopher=tcp6, gopher=udp, gopher=unix, gopher=silent (which does not listen), gopher=file. With
PASS_WHOM=other the variables name another process; $PASS_NAMES and $PASS_COUNT replace what is true.
"""
import os
import socket
import sys


def make(kind):
    if kind == "file":
        return os.open("/dev/null", os.O_RDONLY)
    family = {"tcp6": socket.AF_INET6, "unix": socket.AF_UNIX}.get(kind, socket.AF_INET)
    made = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    made.bind({"tcp6": ("::1", 0), "unix": f"\0tidings-passed-{os.getpid()}"}.get(kind, ("127.0.0.1", 0)))
    if kind not in ("udp", "silent"):
        made.listen(64)
    return made.detach()


words = [word.split("=") for word in os.environ["PASS"].split()]
made = [os.dup2(make(kind), 100 + number) for number, (name, kind) in enumerate(words)]
for number, fd in enumerate(made):
    os.dup2(fd, 3 + number, inheritable=True)
os.closerange(3 + len(made), 200)
os.environ["LISTEN_PID"] = str(os.getpid() + (os.environ.get("PASS_WHOM") == "other"))
os.environ["LISTEN_FDS"] = os.environ.get("PASS_COUNT", str(len(made)))
os.environ["LISTEN_FDNAMES"] = os.environ.get("PASS_NAMES", ":".join(name for name, kind in words))
os.execv(os.environ["PASS_TO"], [os.environ["PASS_TO"], *sys.argv[1:]])
