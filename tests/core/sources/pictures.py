"""Writes pictures of every kind that is read, and what Pillow makes of each.

usage: pictures.py FOLDER

Beside each picture NAME.ENDING stands NAME.ENDING.values: a line "height width channels bits", then the values, row by row, two bytes
each (little-endian) where they have 16 bits. Palettes are resolved, one-bit pictures have 0 and 255, JPEGs with an orientation are turned.
"""

import os
import random
import sys

import numpy
from PIL import Image, ImageOps

folder = sys.argv[1]
draw = random.Random(1)


def smooth(height, width, channels):
    """A picture with slopes and an edge, as photographs have them."""
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [
        (127 + 90 * numpy.sin(x / (3.0 + c) + c) + 30 * numpy.cos(y / 4.0) + 40 * (x + y > width)).clip(0, 255)
        for c in range(channels)
    ]
    return numpy.stack(planes, axis=2).astype(numpy.uint8)


def noise(height, width, channels, most=256, kind=numpy.uint8):
    values = [draw.randrange(most) for _ in range(height * width * channels)]
    return numpy.array(values, dtype=kind).reshape(height, width, channels)


def write(name, picture, seen=None, **options):
    path = os.path.join(folder, name)
    picture.save(path, **options)
    if seen is None:
        with Image.open(path) as opened:
            seen = numpy.asarray(opened)
    seen = numpy.asarray(seen)
    if seen.ndim == 2:
        seen = seen[:, :, None]
    bits = 16 if seen.dtype in (numpy.uint16, numpy.int32) else 8
    values = seen.astype("<u2" if bits == 16 else numpy.uint8)
    with open(path + ".values", "wb") as file:
        file.write(f"{values.shape[0]} {values.shape[1]} {values.shape[2]} {bits}\n".encode())
        file.write(values.tobytes())


grey = Image.fromarray(noise(9, 13, 1)[:, :, 0])
colour = Image.fromarray(noise(9, 13, 3))
alpha = Image.fromarray(noise(9, 13, 4), "RGBA")
wide = Image.fromarray(noise(9, 13, 1, 65536, numpy.uint16)[:, :, 0])
bit = Image.fromarray((noise(9, 13, 1)[:, :, 0] > 127).astype(numpy.uint8) * 255).convert("1", dither=Image.Dither.NONE)
palette = colour.quantize(16)

for ending in ("png", "bmp", "tiff"):
    write(f"grey.{ending}", grey)
    write(f"colour.{ending}", colour)
    write(f"palette.{ending}", palette, numpy.asarray(palette.convert("RGB")))
for ending in ("png", "tiff"):
    write(f"alpha.{ending}", alpha)
    write(f"wide.{ending}", wide)
for ending in ("png", "pbm", "bmp"):
    write(f"bit.{ending}", bit, numpy.asarray(bit.convert("L")))
write("grey.pgm", grey)
write("colour.ppm", colour)
write("grey.tif", grey, compression="tiff_lzw")
write("colour.webp", colour, lossless=True)
write("alpha.webp", alpha, lossless=True, exact=True)
for bits in (2, 4):
    narrow = Image.fromarray(noise(9, 13, 1, 1 << bits)[:, :, 0], "P")
    narrow.putpalette([round(255 * i / ((1 << bits) - 1)) for i in range(1 << bits) for _ in range(3)])
    write(f"bits{bits}.png", narrow, numpy.asarray(narrow.convert("RGB")), bits=bits)

photograph = Image.fromarray(smooth(24, 32, 3))
write("photograph.jpg", photograph, quality=90)
write("grey.jpg", photograph.convert("L"), quality=90)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = os.path.join(folder, f"turned{orientation}.jpeg")
    photograph.save(path, quality=90, exif=exif)
    with Image.open(path) as opened:
        write(f"turned{orientation}.jpeg", photograph, numpy.asarray(ImageOps.exif_transpose(opened)), quality=90, exif=exif)

#What shrinks by whole factors, what is made grey, and what lies on white, as Pillow does it.
large = Image.fromarray(smooth(64, 96, 3))
write("large.png", large)
large.reduce(4).save(os.path.join(folder, "large-reduced.png"))
large.convert("L").save(os.path.join(folder, "large-grey.png"))
large.crop((16, 0, 80, 64)).reduce(4).save(os.path.join(folder, "large-cropped.png"))
