"""umap-learn's curve and graph, as UmapTest expects them. The values there were made with umap-learn 0.5.3."""

import golden

np, umap_, neighbors = golden.need("numpy", "umap.umap_", "sklearn.neighbors")

curve = golden.Expected("tests/core/projection/UmapTest.cpp", "TEST(Umap, CurveIsUmapLearns)")
for minimum_distance, spread in [(0.1, 1), (0.5, 1), (0, 2)]:
    a, b = umap_.find_ab_params(spread, minimum_distance)
    curve.row("a curve", [minimum_distance, spread, a, b], relative=1e-5)

row, column = np.arange(300)[:, None], np.arange(5)[None, :]
points = (np.sin(1.7 * row * (column + 1) + 0.3 * column * column) * (column + 1) + 0.01 * row).astype(np.float32)
distances, indices = neighbors.NearestNeighbors(n_neighbors=15).fit(points).kneighbors(points)
graph = umap_.fuzzy_simplicial_set(
    points, 15, np.random.RandomState(0), "euclidean", knn_indices=indices, knn_dists=distances.astype(np.float32)
)[0].tocsr()
graph.sort_indices()
expected = golden.Expected("tests/core/projection/UmapTest.cpp", "TEST(Umap, GraphIsUmapLearns)")
expected.has("the number of edges", graph.nnz)
expected.has("their sum", graph.data.astype(np.float64).sum(), relative=1e-6)
for at in [0, 17, 299]:
    edges = slice(graph.indptr[at], graph.indptr[at + 1])
    expected.row(f"where the edges of {at} go", [at, edges.stop - edges.start, *graph.indices[edges][:6]])
    expected.row(f"the weights of the edges of {at}", graph.data[edges][:6], relative=2e-5)
    expected.has(f"the sum of the edges of {at}", graph.data[edges].astype(np.float64).sum(), relative=1e-6)

golden.end(curve, expected)
