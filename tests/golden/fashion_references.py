"""The reference figures of Fashion-MNIST, in NumPy, as FashionReferencesTest expects them: what the mean image and principal components
of the training images reach on the test images, and the least binary cross-entropy there can be."""

import gzip
import os

import golden

(np,) = golden.need("numpy")
FOLDER = "/usr/share/datasets/fashion-mnist"


def images(name):
    path = os.path.join(FOLDER, name)
    with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as file:
        return np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 784) / 255.0


train, test = images("train-images-idx3-ubyte"), images("t10k-images-idx3-ubyte")
mean = train.mean(0)
expected = golden.Expected("tests/slow/FashionReferencesTest.cpp", "TEST(FashionReferences, AreThoseOfNumPy)")
expected.has("the MSE of the mean image", ((test - mean) ** 2).mean(), relative=1e-4)
centred = train - mean
_, vectors = np.linalg.eigh(centred.T @ centred)
rest = test - mean
scores = rest @ vectors[:, ::-1]
total = (rest**2).sum()
left = (total - np.cumsum((scores**2).sum(0))) / test.size
for dimension in [1, 2, 3, 4, 8, 10, 11, 16, 20, 32, 50, 64, 100, 128, 256]:
    expected.row(f"the MSE of {dimension} components", [dimension, left[dimension - 1]], relative=3e-3)
inside = test[(test > 0) & (test < 1)]
expected.has("the least cross-entropy", -(inside * np.log(inside) + (1 - inside) * np.log(1 - inside)).sum() / len(test), relative=5e-5)
clipped = np.clip(mean, 1e-12, 1 - 1e-12)
bce = -(test * np.log(clipped) + (1 - test) * np.log(1 - clipped)).sum(1).mean()
expected.has("the cross-entropy of the mean image", bce, relative=2e-4)
golden.end(expected)
