"""Compares the training speed of Latentoscope with PyTorch's, in alternation, so that a machine whose speed drifts is fair to both.

usage: compare_training.py PROGRAM [--python PATH] [--preset NAME] [--data FOLDER] [--rounds N] [--threads N] [--device DEVICE]
PATH is the Python whose PyTorch is the peer (Debian's by default). PyTorch runs as its tutorials write it and in each setting that
may be faster; the best of them by the medians counts. Prints each round, then versions, processor, medians and the ratio as JSON.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PRESETS = os.path.join(HERE, "..", "..", "resources", "presets")
SETTINGS = (
    [],
    ["fused"],
    ["channels_last"],
    ["fused", "channels_last"],
    ["fused", "compile"],
    ["fused", "bfloat16"],
    ["fused", "channels_last", "bfloat16"],
)


def ours(options):
    command = [options.program, "bench", "train", "--preset", options.preset, "--data", options.data, "--device", options.device]
    command += ["--threads", str(options.threads), "--epochs", str(options.epochs), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["images_per_second"]


def theirs(options, settings):
    """The peer's figures; None where this PyTorch does not know the settings (what it says is printed once)."""
    path = options.preset if os.path.exists(options.preset) else os.path.join(PRESETS, options.preset + ".json")
    command = [options.python, os.path.join(HERE, "pytorch_training.py"), path, options.data, *settings]
    command += ["--threads", str(options.threads), "--epochs", str(options.epochs), "--device", options.device]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    print(f"{' '.join(settings) or 'plain'}: left out: {(done.stderr.strip().splitlines() or ['no word'])[-1]}", flush=True)
    return None


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--preset", default="report-autoencoder")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    rates, torch_version, left_out = {}, None, set()
    for _ in range(options.rounds):
        rates.setdefault("ours", []).append(ours(options))
        for settings in SETTINGS:
            name = " ".join(settings) or "plain"
            if name in left_out:
                continue
            found = theirs(options, settings)
            if found is None:
                left_out.add(name)
                continue
            torch_version = found["torch"]
            rates.setdefault(name, []).append(found["images_per_second"])
        print({name: round(values[-1]) for name, values in rates.items()}, flush=True)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    peers = {name: rate for name, rate in medians.items() if name != "ours"}
    if not peers:
        sys.exit("no setting of this PyTorch ran; see above")
    best = max(peers, key=peers.get)
    result = {"processor": processor(), "threads": options.threads, "device": options.device, "preset": options.preset}
    result |= {"torch": torch_version, "images_per_second": {name: round(rate) for name, rate in medians.items()}}
    result |= {"best_of_pytorch": best, "ratio": round(medians["ours"] / peers[best], 2)}
    print(json.dumps(result))


main()
