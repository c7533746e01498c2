"""compare_training.py PROGRAM [ROUNDS]: images/s of `PROGRAM bench train` against the same network in Python's PyTorch,
in alternation, so that a machine whose speed drifts is fair to both. Prints each round and the medians' ratio as JSON.

Needs Debian's python3-torch and dataset-fashion-mnist.
"""
import gzip
import json
import statistics
import subprocess
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

FOLDER = "/usr/share/datasets/fashion-mnist/"
BATCH = 256


def network(latent=2, hidden=64):
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(True), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(True), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(True),
        nn.Flatten(), nn.Linear(512, hidden), nn.ReLU(True), nn.Linear(hidden, latent),
        nn.Linear(latent, hidden), nn.ReLU(True), nn.Linear(hidden, 512), nn.ReLU(True), nn.Unflatten(1, (32, 4, 4)),
        nn.ConvTranspose2d(32, 16, 3, 2, 1, 0), nn.ReLU(True), nn.ConvTranspose2d(16, 8, 3, 2, 1, 1), nn.ReLU(True),
        nn.ConvTranspose2d(8, 1, 3, 2, 1, 1), nn.Sigmoid())


def python_rate(images, threads):
    """images/s of one epoch."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-4, weight_decay=1e-5)
    order = torch.randperm(len(images))
    start = time.perf_counter()
    for i in range(0, len(images), BATCH):
        x = images[order[i:i + BATCH]]
        loss = F.mse_loss(model(x), x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return len(images) / (time.perf_counter() - start)


def our_rate(program):
    out = subprocess.run([program, "bench", "train", "--threads", "2", "--epochs", "5", "--json"], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)["images_per_second"]


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    raw = gzip.open(FOLDER + "train-images-idx3-ubyte.gz").read()
    images = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 1, 28, 28).astype(np.float32) / 255)
    rates = {"ours": [], "python_1_thread": [], "python_2_threads": []}
    for _ in range(rounds):
        rates["ours"].append(our_rate(program))
        rates["python_1_thread"].append(python_rate(images, 1))
        rates["python_2_threads"].append(python_rate(images, 2))
        print({name: round(values[-1]) for name, values in rates.items()}, flush=True)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    best = max(medians["python_1_thread"], medians["python_2_threads"])
    print(json.dumps({**{name: round(value) for name, value in medians.items()}, "ratio": round(medians["ours"] / best, 2)}))


main()
