"""scikit-learn's mixtures, affinities of t-SNE, principal components and trustworthiness, as MixtureTest, AffinitiesTest and
PcaTest and QualityTest expect them. The values there were made with scikit-learn 1.2."""

import golden

np, _ = golden.need("numpy", "sklearn")
from sklearn.decomposition import PCA
from sklearn.manifold import _t_sne, trustworthiness
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors

# MixtureTest.cpp, twoClusters()
i = np.arange(600)
far = i % 3 == 0
codes = np.stack(
    [
        np.sin(0.7 * i) + np.where(far, 4, 0),
        0.5 * np.cos(1.3 * i) + 0.3 * np.sin(0.7 * i) - np.where(far, 2, 0),
        np.sin(2.1 * i) * np.cos(0.37 * i),
    ],
    axis=1,
).astype(np.float32)
codes = codes.astype(np.float64)
mixture = golden.Expected("tests/core/latent/MixtureTest.cpp", "TEST(Mixture, AgreesWithScikitLearn)")


def fit(components):
    return GaussianMixture(components, tol=1e-9, max_iter=500, n_init=3, random_state=0).fit(codes)


one, two = fit(1), fit(2)
# What scikit-learn adds to a covariance's diagonal for safety moves the last digits.
mixture.has("the mean log-likelihood of one component", one.score(codes), relative=1e-9)
mixture.has("its BIC", one.bic(codes), relative=1e-8)
mixture.has("its first mean", one.means_[0, 0])
mixture.has("the mean log-likelihood of two components", two.score(codes), relative=1e-7)
mixture.has("their BIC", two.bic(codes))

# ProjectionPoints.h, goldenPoints()
row, column = np.arange(300)[:, None], np.arange(5)[None, :]
points = (np.sin(1.7 * row * (column + 1) + 0.3 * column * column) * (column + 1) + 0.01 * row).astype(np.float32)

affinities = golden.Expected("tests/core/projection/AffinitiesTest.cpp", "TEST(Affinities, AgreeWithScikitLearn)")
distances = NearestNeighbors(n_neighbors=60).fit(points).kneighbors_graph(mode="distance")
distances.data **= 2
p = _t_sne._joint_probabilities_nn(distances, 20, 0).tocoo()
p.data = p.data.astype(np.float64)
affinities.has("the number of affinities", p.nnz)
affinities.has("the sum of their squares", (p.data**2).sum(), relative=1e-5)
affinities.has("their entropy", -(p.data * np.log(p.data)).sum(), relative=1e-5)
table = p.tocsr()
for place in [(0, 37), (0, 48), (0, 85), (150, 113), (150, 102), (150, 187), (299, 251), (299, 214), (299, 262)]:
    affinities.row(f"the affinity at {place}", [*place, table[place]], relative=3e-5)

components = golden.Expected("tests/core/projection/PcaTest.cpp", "TEST(Pca, AgreesWithScikitLearn)")
pca = PCA(3, svd_solver="full").fit(points.astype(np.float64))
components.row("the variances", pca.explained_variance_)
components.row("their shares", pca.explained_variance_ratio_)
for axis in pca.components_:
    components.row("an axis", axis, signs=(1, -1), relative=1e-6)

quality = golden.Expected("tests/core/projection/QualityTest.cpp", "TEST(Quality, AgreesWithScikitLearnsTrustworthinessBothWays)")
quality.has("the trustworthiness of the first two columns", trustworthiness(points, points[:, :2], n_neighbors=10), relative=1e-12)
quality.has("their continuity", trustworthiness(points[:, :2], points, n_neighbors=10), relative=1e-12)

golden.end(mixture, affinities, components, quality)
