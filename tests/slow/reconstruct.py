"""reconstruct.py MODEL.safetensors IMAGES.gz COUNT OUT.npy

Reads the safetensors file by the format's description alone (length, JSON, bytes), loads it into the same network written
as plain torch.nn layers, and writes its reconstructions (COUNT, 1, 28, 28) and codes (OUT.npy.codes.npy).
"""
import gzip
import json
import struct
import sys

import numpy as np
import torch
import torch.nn as nn


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", name
        begin, end = entry["data_offsets"]
        tensors[name] = torch.from_numpy(np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy())
    return tensors


class Model(nn.Module):
    def __init__(self, latent, hidden=64):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(),
            nn.Flatten(), nn.Linear(512, hidden), nn.ReLU(), nn.Linear(hidden, latent))
        self.decoder = nn.Sequential(
            nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, 512), nn.ReLU(), nn.Unflatten(1, (32, 4, 4)),
            nn.ConvTranspose2d(32, 16, 3, 2, 1, 0), nn.ReLU(), nn.ConvTranspose2d(16, 8, 3, 2, 1, 1), nn.ReLU(),
            nn.ConvTranspose2d(8, 1, 3, 2, 1, 1), nn.Sigmoid())


def main():
    weights, images, count, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    state = read_safetensors(weights)
    model = Model(state["encoder.9.bias"].shape[0])
    model.load_state_dict(state)  # strict: every name and shape must be there
    raw = gzip.open(images).read()
    x = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 1, 28, 28)[:count].astype(np.float32) / 255)
    with torch.no_grad():
        codes = model.encoder(x)
        np.save(out + ".codes.npy", codes.numpy())
        np.save(out, model.decoder(codes).numpy())


main()
