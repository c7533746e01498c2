"""Writes one small data set in every format that holds pictures as numbers or packs them, by Python's own libraries.

usage: arrays.py FOLDER

The data set: 30 training and 12 test pictures of 8x8, of three classes 0, 1 and 2, grey ("grey-…") and in colour ("colour-…"). All that
begins with one of these words holds the same pixels and labels; "grey-idx.npy" and "colour-idx.npy" hold them as (N, H, W, C), training
first, with labels in "labels.npy", for the tests to compare with.
"""

import csv
import gzip
import io
import os
import sys
import tarfile
import zipfile

import numpy
from PIL import Image

folder = sys.argv[1]
draw = numpy.random.default_rng(7)
TRAIN, TEST = 30, 12
labels = numpy.arange(TRAIN + TEST) % 3
colour = draw.integers(0, 256, (TRAIN + TEST, 8, 8, 3), dtype=numpy.uint8)
grey = colour[..., 0].copy()


def at(name):
    return os.path.join(folder, name)


def npz(name, compressed=False, **arrays):
    (numpy.savez_compressed if compressed else numpy.savez)(at(name), **arrays)


def keras(name, images, own=labels, **options):
    npz(name, x_train=images[:TRAIN], y_train=own[:TRAIN], x_test=images[TRAIN:], y_test=own[TRAIN:], **options)


numpy.save(at("grey-idx.npy"), grey[..., None])
numpy.save(at("colour-idx.npy"), colour)
numpy.save(at("labels.npy"), labels.astype(numpy.uint8))

# NumPy's files: orders of axes, types, orders of bytes, versions of the format.
keras("grey-keras.npz", grey)
keras("grey-compressed.npz", grey, compressed=True)
keras("grey-channel-last.npz", grey[..., None])
keras("grey-channel-first.npz", grey[:, None])
keras("grey-rows.npz", grey.reshape(len(grey), -1))
keras("grey-unit.npz", grey / 255.0)
keras("grey-unit32.npz", (grey / 255.0).astype(numpy.float32))
keras("grey-float.npz", grey.astype(numpy.float64))
keras("grey-signed.npz", grey / 127.5 - 1)
keras("grey-int64.npz", grey.astype(numpy.int64))
keras("grey-big-endian.npz", grey.astype(">i4"))
keras("grey-fortran.npz", numpy.asfortranarray(grey))
keras("grey-one-hot.npz", grey, numpy.eye(3)[labels])
keras("colour-keras.npz", colour, labels[:, None])
keras("colour-channel-first.npz", numpy.ascontiguousarray(colour.transpose(0, 3, 1, 2)))
keras("colour-fortran.npz", numpy.asfortranarray(colour.transpose(0, 3, 1, 2)), labels.astype(numpy.float32))
keras("colour-rows.npz", colour.reshape(len(colour), -1))
keras("colour-wide.npz", colour.astype(numpy.uint16) * 257)
npz("grey-medmnist.npz", train_images=grey[:20], train_labels=labels[:20, None], val_images=grey[20:TRAIN], val_labels=labels[20:TRAIN, None],
    test_images=grey[TRAIN:], test_labels=labels[TRAIN:, None])
npz("plain.npz", images=grey)
npz("gaps.npz", X=grey, target=numpy.array([1, 2, 7])[labels])
npz("several.npz", images=grey, labels=numpy.ones((len(grey), 2), dtype=int))
npz("few-steps.npz", data=grey // 16, target=labels)
npz("twelve-bits.npz", data=grey.astype(numpy.uint16) * 16 + 8)
npz("half-labelled.npz", x_train=grey[:TRAIN], y_train=labels[:TRAIN], x_test=grey[TRAIN:])
npz("oblong.npz", images=grey.reshape(-1, 4 * 8)[: 2 * TRAIN], labels=numpy.arange(2 * TRAIN) % 2)
holes = grey.astype(numpy.float32)
holes[5, 3, 3] = numpy.nan
npz("holes.npz", images=holes)
npz("objects.npz", images=numpy.array([{"a": 1}, None], dtype=object))
npz("other-names.npz", weights=grey, bias=labels)
npz("short.npz", images=grey, labels=labels[:-1])
npz("twice.npz", images=grey, x=grey)
npz("five.npz", images=grey.reshape(-1, 2, 2, 2, 8))
numpy.save(at("alone.npy"), grey)
os.makedirs(at("grey-folder"))
for part, place in (("train", slice(0, TRAIN)), ("test", slice(TRAIN, None))):
    numpy.save(at(f"grey-folder/{part}_images.npy"), grey[place])
    with open(at(f"grey-folder/y_{part}.npy"), "wb") as file:
        numpy.lib.format.write_array(file, labels[place], version=(2, 0))

# Tables with a pixel a column.
rows = grey.reshape(len(grey), -1)
heading = ["label"] + [f"pixel{i}" for i in range(64)]


def table(name, lines, first=None, opener=open):
    with opener(at(name), "wt", newline="") as file:
        writer = csv.writer(file)
        if first:
            writer.writerow(first)
        writer.writerows(lines)


os.makedirs(at("grey-kaggle"))
for part, place in (("train", slice(0, TRAIN)), ("test", slice(TRAIN, None))):
    table(f"grey-kaggle/fashion-{part}.csv", [[label, *row] for label, row in zip(labels[place], rows[place])], heading)
os.makedirs(at("grey-last"))
for part, place in (("train", slice(0, TRAIN)), ("test", slice(TRAIN, None))):
    table(f"grey-last/{part}.csv.gz", [[*row, float(label)] for label, row in zip(labels[place], rows[place])], opener=gzip.open)
table("names.csv", [[i, "cat" if label else "dog", *row] for i, (label, row) in enumerate(zip(labels, rows))],
      ["id", "Class"] + [f"p{i}" for i in range(64)])
table("pixels.csv", rows)
table("ragged.csv", [[0, *rows[0]], [1, *rows[1][:-1]]], heading)
table("words.csv", [[0, *rows[0]], [1, "dark", *rows[1][1:]]], heading)

# Archives of pictures, and the folder that they are of.
files = {}
for item, (label, picture) in enumerate(zip(labels, grey)):
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "PNG")
    part = "train" if item < TRAIN else "test"
    files[f"{part}/{label}/{item:03d}.png"] = data.getvalue()
files["notes.txt"] = b"no picture"
files["__MACOSX/train/0/._000.png"] = b"of no account"
for path, data in files.items():
    os.makedirs(os.path.dirname(at("sorted/" + path)), exist_ok=True)
    with open(at("sorted/" + path), "wb") as file:
        file.write(data)
backwards = sorted(files, reverse=True)  # the order in an archive is of no account
with zipfile.ZipFile(at("sorted.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    for path in backwards:
        archive.writestr("pictures/" + path, files[path])


def tar(name, mode, paths, contents):
    with tarfile.open(at(name), mode) as archive:
        for path in paths:
            entry = tarfile.TarInfo(path)
            entry.size = len(contents[path])
            archive.addfile(entry, io.BytesIO(contents[path]))


tar("sorted.tar", "w", backwards, files)
tar("sorted.tar.gz", "w:gz", backwards, files)
tar("sorted.tar.xz", "w:xz", backwards, files)
tar("climbing.tar", "w", ["../out.png"], {"../out.png": files["train/0/000.png"]})
flat = {f"{item:03d}.png": files[path] for item, path in enumerate(sorted(p for p in files if p.endswith(".png") and p[0] == "t"))}
flat["labels.csv"] = ("file,label\n" + "".join(f"{name},{'äü'[i % 2]}\n" for i, name in enumerate(flat))).encode()
tar("labelled.tar", "w", sorted(flat), flat)
broken = dict(list(flat.items())[:8])
broken["000.png"] = broken["000.png"][:40]
tar("broken.tar", "w", sorted(broken), broken)

# CIFAR's and STL-10's records, at their own sizes.
pictures = draw.integers(0, 256, (12, 32, 32, 3), dtype=numpy.uint8)
planes = pictures.transpose(0, 3, 1, 2).reshape(12, -1)
names = [f"thing {i}" for i in range(10)]
os.makedirs(at("cifar10"))
for batch in range(6):
    records = [bytes([(2 * batch + i) % 10]) + planes[2 * batch + i].tobytes() for i in range(2)]
    with open(at(f"cifar10/data_batch_{batch + 1}.bin" if batch < 5 else "cifar10/test_batch.bin"), "wb") as file:
        file.write(b"".join(records))
with open(at("cifar10/batches.meta.txt"), "w") as file:
    file.write("\n".join(names) + "\n\n")
os.makedirs(at("cifar100"))
for part, place in (("train", range(0, 8)), ("test", range(8, 12))):
    with open(at(f"cifar100/{part}.bin"), "wb") as file:
        file.write(b"".join(bytes([19, i % 4]) + planes[i].tobytes() for i in place))
numpy.save(at("cifar-pictures.npy"), pictures)
large = draw.integers(0, 256, (6, 96, 96, 3), dtype=numpy.uint8)
os.makedirs(at("stl10"))
for part, place in (("train", slice(0, 4)), ("test", slice(4, 6))):
    with open(at(f"stl10/{part}_X.bin"), "wb") as file:
        file.write(large[place].transpose(0, 3, 2, 1).tobytes())
    with open(at(f"stl10/{part}_y.bin"), "wb") as file:
        file.write(bytes(1 + i % 2 for i in range(*place.indices(6))))
with open(at("stl10/class_names.txt"), "w") as file:
    file.write("bird\nairplane\n")
numpy.save(at("stl-pictures.npy"), large)
os.makedirs(at("cut"))
with open(at("cut/test_batch.bin"), "wb") as file:
    file.write(planes[0].tobytes())
