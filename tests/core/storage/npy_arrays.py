"""Writes the array 0, 1, … 11 of the shape (3, 4) with NumPy, in every type that Latentoscope reads.

usage: npy_arrays.py FOLDER
FOLDER/TYPE.npy is row-major and little-endian, TYPE-big.npy big-endian, TYPE-fortran.npy column-major; further files are what the
test names them for. Prints the types.
"""
import os
import sys

import numpy

folder = sys.argv[1]


def save(name, array, version=None):
    with open(os.path.join(folder, name + ".npy"), "wb") as file:
        numpy.lib.format.write_array(file, array, version=version)


types = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
plain = numpy.arange(12).reshape(3, 4)
for one in types:
    save(one, plain.astype("<" + one))
    save(one + "-big", plain.astype(">" + one))
    save(one + "-fortran", numpy.asfortranarray(plain.astype("<" + one)))
save("version2", plain.astype("<f4"), (2, 0))
save("version3", plain.astype("<f4"), (3, 0))
save("cube-fortran", numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4).astype("<i2")))
save("bool", plain % 2 == 0)
save("scalar", numpy.array(2.5))
save("empty", numpy.zeros((0, 4), "<f4"))
save("negative", numpy.array([-1, -128, 127], "i1"))
save("halves", numpy.array([0.5, -2, 65504, 6e-8, numpy.inf, numpy.nan], "<f2"))
save("beyond", numpy.array([2**63], "<u8"))
save("objects", numpy.array([None, "a"], dtype=object))
save("records", numpy.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
save("complex", numpy.zeros(2, dtype="<c8"))
save("texts", numpy.array(["ab", "c"]))
print(" ".join(types))
