"""Times a plain PyTorch training of the network that a preset of Latentoscope describes, and prints one JSON object.

usage: pytorch_training.py PRESET.json DATA-FOLDER [--threads N] [--epochs N] [--device DEVICE] [SETTING ...]
SETTING: fused (Adam in one kernel), channels_last, compile, bfloat16 (autocast); none is PyTorch as its tutorials write it.
DATA-FOLDER holds train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or with .gz. Runs on PyTorch 1.13 and newer.
"""
import argparse
import gzip
import json
import os
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

DEFAULTS = {"kind": "autoencoder", "channels": [8, 16, 32], "kernel": 3, "stride": 2, "padding": 1, "hidden": 64, "latent": 2}


def read_idx(folder, name):
    path = os.path.join(folder, name)
    with (open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz")) as file:
        raw = file.read()
    sizes = struct.unpack_from(f">{raw[3]}I", raw, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)


class Network(nn.Module):
    """The kinds autoencoder, vae and classifier; forward gives the loss of a batch."""

    def __init__(self, model, shape):
        super().__init__()
        self.kind, self.latent = model["kind"], model["latent"]
        kernel, stride, padding, hidden = model["kernel"], model["stride"], model["padding"], model["hidden"]
        sizes, last, layers = [shape[1:]], shape[0], []
        for channels in model["channels"]:
            layers += [nn.Conv2d(last, channels, kernel, stride, padding), nn.ReLU()]
            sizes.append(tuple((side + 2 * padding - kernel) // stride + 1 for side in sizes[-1]))
            last = channels
        flat = last * sizes[-1][0] * sizes[-1][1]
        self.encoder = nn.Sequential(*layers, nn.Flatten(), nn.Linear(flat, hidden), nn.ReLU())
        self.code = nn.Linear(hidden, self.latent * (2 if self.kind == "vae" else 1))
        if self.kind == "classifier":
            head, last = [], self.latent
            for units in model.get("head", [64, 64]):
                head += [nn.Linear(last, units), nn.ReLU(), nn.Dropout(model.get("dropout", 0))]
                last = units
            self.head = nn.Sequential(*head, nn.Linear(last, model.get("classes", 10)))
            return
        layers = [nn.Linear(self.latent, hidden), nn.ReLU(), nn.Linear(hidden, flat), nn.ReLU()]
        layers.append(nn.Unflatten(1, (model["channels"][-1], *sizes[-1])))
        for i in reversed(range(len(model["channels"]))):
            extra = [sizes[i][d] - ((sizes[i + 1][d] - 1) * stride - 2 * padding + kernel) for d in (0, 1)]
            out = model["channels"][i - 1] if i else shape[0]
            layers += [nn.ConvTranspose2d(model["channels"][i], out, kernel, stride, padding, extra)] + ([nn.ReLU()] if i else [])
        self.decoder = nn.Sequential(*layers)

    def forward(self, x, labels):
        code = self.code(self.encoder(x))
        if self.kind == "classifier":
            return F.cross_entropy(self.head(code).float(), labels)
        if self.kind == "autoencoder":
            return F.mse_loss(torch.sigmoid(self.decoder(code)).float(), x)
        mean, log_variance = code.float().chunk(2, 1)
        logits = self.decoder(mean + torch.exp(log_variance / 2) * torch.randn_like(mean)).float()
        divergence = 0.5 * (log_variance.exp() + mean.square() - 1 - log_variance).sum()
        return (F.binary_cross_entropy_with_logits(logits, x, reduction="sum") + divergence) / len(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("preset")
    parser.add_argument("data")
    parser.add_argument("settings", nargs="*", choices=["fused", "channels_last", "compile", "bfloat16", []])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    settings, device = options.settings, torch.device(options.device)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    with open(options.preset, encoding="utf-8") as file:
        preset = json.load(file)
    batch = preset.get("training", {}).get("batch_size", 256)

    images = read_idx(options.data, "train-images-idx3-ubyte")
    images = images.reshape(*images.shape[:3], -1).transpose(0, 3, 1, 2).astype(np.float32) / 255
    x_all = torch.from_numpy(images).to(device)
    y_all = torch.from_numpy(read_idx(options.data, "train-labels-idx1-ubyte").astype(np.int64)).to(device)
    network = Network({**DEFAULTS, **preset.get("model", {})}, tuple(x_all.shape[1:])).to(device)
    if "channels_last" in settings:
        network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=5e-4, **({"fused": True} if "fused" in settings else {}))

    def loss_of(x, y):
        with torch.autocast(device.type, torch.bfloat16, enabled="bfloat16" in settings):
            return network(x, y)

    if "compile" in settings:
        loss_of = torch.compile(loss_of, dynamic=False)
    rates = []
    for _ in range(options.epochs + ("compile" in settings)):  # the first epoch of a compiled one is spent on compiling
        order = torch.randperm(len(x_all), device=device)
        count = len(x_all) // batch * batch
        start = time.perf_counter()
        for i in range(0, count, batch):
            x, y = x_all[order[i : i + batch]], y_all[order[i : i + batch]]
            if "channels_last" in settings:
                x = x.contiguous(memory_format=torch.channels_last)
            loss = loss_of(x, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        rates.append(count / (time.perf_counter() - start))
    print(json.dumps({"images_per_second": max(rates), "loss": loss.item(), "torch": torch.__version__}))


main()
