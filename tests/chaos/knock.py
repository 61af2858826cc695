"""Readers of 127.0.0.1, ports 1965 and 70, until standard input ends; then how many asked, and what failed."""
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import smallweb  # noqa: E402


def ask_gemini():
    status, meta, body = smallweb.gemini(1965, "gemini://localhost/")
    assert status == 20 and b"# " in body, f"{status} {meta}"


def ask_gopher():
    smallweb.menu_items(smallweb.gopher(70, "/"))


def read(ask, stop, asked, failed):
    while not stop.is_set():
        try:
            ask()
            asked.append(ask)
        except Exception as error:  # whatever it is, it is counted
            failed.append(f"{ask.__name__}: {type(error).__name__} {error}")
        time.sleep(0.1)  # below the limit of requests for one address


def main():
    stop, asked, failed = threading.Event(), [], []
    readers = [threading.Thread(target=read, args=(ask, stop, asked, failed)) for ask in (ask_gemini, ask_gopher) * 2]
    for reader in readers:
        reader.start()
    sys.stdin.read()
    stop.set()
    for reader in readers:
        reader.join()
    print(len(asked), len(failed), *failed[:5], sep="\n")


main()
