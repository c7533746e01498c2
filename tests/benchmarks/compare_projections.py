"""compare_projections.py PROGRAM CODES.csv|N [ROUNDS] [--no-umap]: t-SNE and UMAP by `PROGRAM project` against scikit-learn and
umap-learn on the same codes, in alternation, so that a machine whose speed drifts is fair to all. CODES.csv has the columns
index,label,z0,z1,...; N takes the first N Fashion-MNIST training images' ten leading principal components.

Prints of each picture the seconds (reading, writing and compilation left out), the trustworthiness of the first 5,000 points
(k = 10), the 10-NN label accuracy (leave-one-out) and, of t-SNE up to 20,000 points, the KL divergence over all pairs, all
computed here in the same way. The last line has the medians as JSON. Peers use two jobs; umap-learn is seeded, as we are.

Needs Debian's python3-sklearn, umap-learn and, with N, dataset-fashion-mnist.
"""
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors

FOLDER = "/usr/share/datasets/fashion-mnist/"
PERPLEXITY = 30
MOST_PAIRED = 20_000


def idx(name, offset):
    return np.frombuffer(gzip.open(FOLDER + name).read(), np.uint8, offset=offset)


def written(count, path):
    """The principal components of the first `count` images, written to `path` in the columns of a file of codes."""
    images = idx("train-images-idx3-ubyte.gz", 16).reshape(-1, 784) / 255.0
    codes = PCA(10, random_state=0).fit_transform(images)[:count]
    columns = np.column_stack([np.arange(count), idx("train-labels-idx1-ubyte.gz", 8)[:count], codes])
    header = "index,label," + ",".join(f"z{i}" for i in range(10))
    np.savetxt(path, columns, delimiter=",", comments="", fmt=["%d", "%d"] + ["%.9g"] * 10, header=header)
    return path


def affinities(codes):
    """t-SNE's joint affinities in double: rows, columns, values."""
    count, neighbours = len(codes), 3 * PERPLEXITY
    distances, others = NearestNeighbors(n_neighbors=neighbours + 1, algorithm="brute").fit(codes).kneighbors(codes)
    squared, others = distances[:, 1:] ** 2, others[:, 1:]
    squared = squared - squared[:, :1]
    low, high, beta = np.zeros(count), np.full(count, np.inf), np.ones(count)
    for _ in range(200):
        kernel = np.exp(-beta[:, None] * squared)
        total = kernel.sum(1)
        kernel /= total[:, None]
        wide = np.log(total) + beta * (squared * kernel).sum(1) > np.log(PERPLEXITY)
        low, high = np.where(wide, beta, low), np.where(wide, high, beta)
        beta = np.where(np.isinf(high), 2 * beta, (low + high) / 2)
    joint = {}
    for row in range(count):
        for column, value in zip(others[row], kernel[row]):
            for pair in ((row, column), (column, row)):
                joint[pair] = joint.get(pair, 0.0) + value / (2 * count)
    pairs = np.array(list(joint.keys()))
    return pairs[:, 0], pairs[:, 1], np.array(list(joint.values()))


def kl_divergence(joint, places):
    rows, columns, values = joint
    total = -float(len(places))
    for first in range(0, len(places), 500):
        apart = ((places[first:first + 500, None, :] - places[None, :, :]) ** 2).sum(-1)
        total += (1 / (1 + apart)).sum()
    apart = ((places[rows] - places[columns]) ** 2).sum(1)
    kept = values > 0
    return float((values[kept] * np.log(values[kept] * total * (1 + apart[kept]))).sum())


def label_accuracy(places, labels):
    others = NearestNeighbors(n_neighbors=11).fit(places).kneighbors(places, return_distance=False)
    nearest = [[k for k in row if k != i][:10] for i, row in enumerate(others)]
    winners = [np.bincount(labels[row]).argmax() for row in nearest]
    return float((np.array(winners) == labels).mean())


def ours(program, method, path, seed):
    with tempfile.TemporaryDirectory() as folder:
        picture = os.path.join(folder, "picture.csv")
        command = [program, "project", path, "--method", method, "--threads", "2", "--seed", str(seed), "--json", "--out", picture]
        out = subprocess.run(command, check=True, capture_output=True, text=True)
        places = np.genfromtxt(picture, delimiter=",", names=True)
        return json.loads(out.stdout)["seconds"], np.column_stack([places["x"], places["y"]])


def timed(model, codes):
    start = time.perf_counter()
    places = model.fit_transform(codes)
    return time.perf_counter() - start, np.asarray(places, np.float64)


def scikit_learn(codes, seed):
    return timed(TSNE(2, init="pca", learning_rate="auto", perplexity=PERPLEXITY, random_state=seed, n_jobs=2), codes)


def umap_learn(codes, seed):
    import umap
    umap.UMAP(n_epochs=20, random_state=0).fit_transform(codes[:1000])  # compiles
    return timed(umap.UMAP(random_state=seed), codes)


def main():
    warnings.filterwarnings("ignore")
    plain = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    program, source, rounds = plain[0], plain[1], int(plain[2]) if len(plain) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        path = written(int(source), os.path.join(folder, "codes.csv")) if source.isdigit() else source
        table = np.genfromtxt(path, delimiter=",", names=True)
        codes = np.column_stack([table[name] for name in table.dtype.names if name.startswith("z")]).astype(np.float32)
        labels = table["label"].astype(int)
        joint = affinities(codes.astype(np.float64)) if len(codes) <= MOST_PAIRED else None
        ways = {"ours_tsne": lambda seed: ours(program, "tsne", path, seed), "scikit_learn_tsne": lambda seed: scikit_learn(codes, seed)}
        if "--no-umap" not in sys.argv:
            ways["ours_umap"] = lambda seed: ours(program, "umap", path, seed)
            ways["umap_learn"] = lambda seed: umap_learn(codes, seed)
        found = {name: [] for name in ways}
        for seed in range(rounds):
            for name, way in ways.items():
                seconds, places = way(seed)
                figures = {"seconds": seconds, "trustworthiness": trustworthiness(codes[:5000], places[:5000], n_neighbors=10),
                           "label_accuracy": label_accuracy(places, labels)}
                if joint and name.endswith("tsne"):
                    figures["kl_divergence"] = kl_divergence(joint, places)
                found[name].append(figures)
                print(name, {key: round(value, 4) for key, value in figures.items()}, flush=True)
    medians = {name: {key: round(statistics.median(one[key] for one in all_rounds), 4) for key in all_rounds[0]}
               for name, all_rounds in found.items()}
    medians["tsne_ratio"] = round(medians["scikit_learn_tsne"]["seconds"] / medians["ours_tsne"]["seconds"], 1)
    if "umap_learn" in medians:
        medians["umap_ratio"] = round(medians["umap_learn"]["seconds"] / medians["ours_umap"]["seconds"], 1)
    print(json.dumps({"points": len(codes), "dimensions": codes.shape[1], **medians}))


main()
