"""What clients cost a server: memory, descriptors, and what the kernel keeps for them."""
import pathlib
import re
import subprocess

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


def in_kernel(server):
    """Of each of the server's connections: the bytes that the kernel keeps, its own overhead included."""
    listing = subprocess.run(["ss", "--tcp", "--memory", "--numeric", "--no-header", "--oneline", "state", "connected",
                              f"( sport = :{server.gemini} or sport = :{server.gopher} )"],
                             capture_output=True, text=True, check=True).stdout
    found = re.findall(r"skmem:\(r(\d+),rb\d+,t\d+,tb\d+,f(\d+),w(\d+),o(\d+),bl(\d+)", listing)
    return [sum(int(number) for number in numbers) for numbers in found]
