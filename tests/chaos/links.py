"""Bad lines, real ones: the loopback of a network namespace of one's own, made by the kernel to lose or to crawl."""
import contextlib
import ctypes
import json
import os
import subprocess

import pytest

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
LACKING = ("Operation not supported", "No such file or directory", "Protocol not supported", "qdisc kind is unknown")
RULES = """
table inet line {
	chain in {
		type filter hook input priority 0
		%s counter drop
	}
}
"""


def tell(*command, text=None):
    """What a tool of the system printed. A kernel that lacks what it asks for skips the test."""
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        reason = done.stderr.strip()
        assert any(sign in reason for sign in LACKING), f"{' '.join(command)}: {reason}"
        pytest.skip(f"this kernel cannot make such a line: {' '.join(command)}: {reason}")
    return done.stdout


@contextlib.contextmanager
def line():
    """
    Until the end, this thread and what it starts have a network of their own with nothing but a loopback. It is gone
    with the last process in it.
    """
    if os.geteuid() != 0:
        pytest.skip("only root can make a network namespace")
    with open("/proc/thread-self/ns/net") as before:
        if LIBC.unshare(CLONE_NEWNET) != 0:
            pytest.skip(f"no network namespace can be made here: {os.strerror(ctypes.get_errno())}")
        try:
            # Packets as they are on a real line: no large ones that are cut up only by a card that is not there.
            tell("ip", "link", "set", "lo", "mtu", "1500", "gso_max_segs", "1")
            tell("ip", "link", "set", "lo", "up")
            yield
        finally:
            if LIBC.setns(before.fileno(), CLONE_NEWNET) != 0:
                os._exit(1)  # every other test would run on this line


def lose(percent):
    """From now on so many of a hundred packets do not arrive, in both directions."""
    tell("nft", "-f", "-", text=RULES % f"numgen random mod 100 < {percent}")


def cut():
    """From now on nothing arrives."""
    tell("nft", "-f", "-", text=RULES % "")


def lost():
    """How many have not."""
    rules = json.loads(tell("nft", "-j", "list", "table", "inet", "line"))["nftables"]
    return next(part["counter"]["packets"] for rule in rules if "rule" in rule for part in rule["rule"]["expr"]
                if "counter" in part)


def crawl(bits):
    """From now on so many bits a second, both directions together; a few seconds' worth waits in the queue."""
    tell("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", f"{bits}bit", "burst", "1600", "limit", "16000")


def shorten(octets):
    """The longest packet."""
    tell("ip", "link", "set", "lo", "mtu", str(octets))
