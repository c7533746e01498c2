"""Kills who holds a journal's lock, and looks how long others wait for it: ours and real Optuna, each way, several journals at once.

usage: lock_takeover.py PROGRAM HOLD_LOCK PYTHON [--times N]
PROGRAM is latentoscope, HOLD_LOCK the helper of that name, PYTHON one that has the Optuna to look at. Where Optuna itself never takes
over a lock (before 4.3), it is seen to wait, one of ours takes the lock over, and then it has to go on. Exit status 1 where someone
waits longer than they should, uses a processor meanwhile, or a record is lost.
"""
import argparse
import concurrent.futures
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lock_peer.py")
GRACE = 30  # seconds after which ours and newer Optuna take over
AT_ONCE = 5
SLACK = 8
SPACE = '{"x": {"type": "float", "low": 0, "high": 1}}'


class Ways:
    """How each side makes, holds and appends, on one journal."""

    def __init__(self, options, folder):
        self.options, self.file = options, os.path.join(folder, "study.log")
        self.space = os.path.join(folder, "space.json")
        with open(self.space, "w", encoding="utf-8") as file:
            file.write(SPACE)

    def peer(self, what, timeout=None):
        command = [self.options.python, PEER, what, self.file]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=timeout).stdout

    def die_holding(self, who):
        command = [self.options.hold_lock, self.file] if who == "ours" else [self.options.python, PEER, "hold", self.file]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if holder.stdout.readline() != "held\n":
            raise RuntimeError(f"{who}: did not get the lock")
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    def ours_append(self):
        command = [self.options.program, "search", "ask", "--storage", self.file, "--study", "s", "--space", self.space]
        start = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, timeout=150)
        if done.returncode:
            raise RuntimeError(f"ours: {done.stderr.strip()}")
        return {"seconds": time.monotonic() - start, "processor": 0}

    def count(self):
        return json.loads(self.peer("count"))


def one(options, dead, waiting):
    """How long `waiting` waited for the lock that `dead` died with, and what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        ways = Ways(options, folder)
        ways.peer("make")
        ways.die_holding(dead)
        wrong, helped = [], False
        if waiting == "ours":
            waited = ways.ours_append()
            most = AT_ONCE if dead == "ours" else GRACE + SLACK
        else:
            appending = subprocess.Popen([options.python, PEER, "append", ways.file], stdout=subprocess.PIPE, text=True)
            most = GRACE + SLACK
            try:
                out, _ = appending.communicate(timeout=most + SLACK)
            except subprocess.TimeoutExpired:
                helped = True
                ways.ours_append()
                most += 2 * SLACK + (0 if dead == "ours" else GRACE)
                out, _ = appending.communicate(timeout=most)
            waited = json.loads(out)
        if waited["seconds"] > most:
            wrong.append(f"{waiting} waited {waited['seconds']:.1f} s for the lock of {dead}, expected at most {most}")
        if waited["processor"] > 0.2 * max(waited["seconds"], AT_ONCE):
            wrong.append(f"{waiting} used a processor for {waited['processor']:.1f} s while it waited")
        ways.ours_append()
        ways.peer("append")
        found = ways.count()
        asked = 1 + (waiting == "ours") + helped
        appended = 1 + (waiting != "ours")
        if found["trials"] != 5 + asked or found["records"] < appended:
            wrong.append(f"found {found}, expected {5 + asked} trials and {appended} records")
        # One of Optuna's that takes over leaves the owner's file; whoever of ours opens the journal next takes it away.
        left = [name for name in os.listdir(folder) if name.endswith((".lock", ".owner", ".rename"))]
        if left:
            wrong.append(f"left behind: {left}")
        return waited["seconds"], helped, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("hold_lock")
    parser.add_argument("python")
    parser.add_argument("--times", type=int, default=2)
    options = parser.parse_args()
    version = subprocess.run([options.python, "-c", "import optuna; print(optuna.__version__)"], capture_output=True, text=True)
    if version.returncode:
        print(f"skipped: {options.python} has no Optuna")
        sys.exit(77)
    optuna = "Optuna " + version.stdout.strip()
    failed = []
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        ways = [("ours", "ours"), ("ours", optuna), (optuna, "ours")]
        runs = {way: [pool.submit(one, options, *way) for _ in range(options.times)] for way in ways}
        for (dead, waiting), found in runs.items():
            results = [run.result() for run in found]
            seconds = sorted(result[0] for result in results)
            helped = sum(result[1] for result in results)
            note = f", {helped} of them until one of ours had taken it over" if helped else ""
            print(f"killed: {dead}; waiting: {waiting}: {len(results)} times, {seconds[0]:.1f} to {seconds[-1]:.1f} s{note}")
            failed += [sentence for result in results for sentence in result[2]]
    for sentence in failed:
        print(f"wrong: {sentence}")
    print(f"{len(failed)} problems" if failed else "nothing lost, nobody waited longer than they should")
    sys.exit(1 if failed else 0)


main()
