"""What clients cost a server: memory, descriptors, and what the kernel keeps for them."""
import pathlib
import re
import subprocess
import time

from readers import version_of
from running import until

KB = 1024


def warm(server):
    """Every worker has answered, and holds no connection."""
    for _ in range(20):
        version_of(server, "s0")
    until(lambda: not in_kernel(server))


def workers(server):
    return [pid for name, pid in server.children().items() if name.startswith("worker")]


def descriptors(server):
    return sum(len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir())) for pid in workers(server))


def memory(server):
    """Bytes of the workers; of what processes share, each has its part (PSS)."""
    rollups = (pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in workers(server))
    return sum(int(re.search(r"^Pss: +([0-9]+)", rollup, re.M).group(1)) * KB for rollup in rollups)


def connections(server):
    """{the client's address and port: (bytes it has not acknowledged, what the kernel keeps, its own overhead included)}."""
    listing = subprocess.run(["ss", "--tcp", "--memory", "--numeric", "--no-header", "--oneline", "state", "connected",
                              f"( sport = :{server.gemini} or sport = :{server.gopher} )"],
                             capture_output=True, text=True, check=True).stdout
    found = re.findall(r"(\d+) +\S+ +(\S+) +skmem:\(r(\d+),rb\d+,t\d+,tb\d+,f(\d+),w(\d+),o(\d+),bl(\d+)", listing)
    return {peer: (int(queue), sum(map(int, kept))) for queue, peer, *kept in found}


def in_kernel(server):
    """What the kernel keeps for each of the server's connections."""
    return [kept for _, kept in connections(server).values()]


def patience(server, seconds):
    """
    Waits until the server has dropped every connection, seconds at the most: the longest time that one of them was let
    live without a byte taken.
    """
    queues, moved, longest = {}, {}, 0
    end = time.monotonic() + seconds
    while now := connections(server):
        assert time.monotonic() < end, f"{len(now)} of {len(moved)} are still there"
        for peer, (queue, _) in now.items():
            if queues.get(peer) != queue:
                queues[peer], moved[peer] = queue, time.monotonic()
        for peer in set(moved) - set(now):
            longest = max(longest, time.monotonic() - moved.pop(peer))
        time.sleep(0.2)  # how exact it is
    return max([longest, *(time.monotonic() - since for since in moved.values())])
