/// The methods of `latentoscope project`: what each makes of codes, what it tells of its picture, and where it puts new codes.
#pragma once

#include "core/neighbours/Points.h"
#include "core/projection/Tsne.h"
#include "core/projection/Umap.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace latentoscope {

class WorkerPool;

struct MethodOptions {
    std::string method = "pca";     ///< none, pca, tsne or umap
    std::string dimensions = "0,1"; ///< of none
    std::string perplexity;         ///< of tsne, several with commas between; empty: 30, or what fewer points can have
    TsneOptions tsne;
    UmapOptions umap;
    int neighbours = 0; ///< of umap; 0: its own number, or what fewer points can have
    std::uint64_t seed = 0;
};

/// A picture (N, 2), and what only its method tells of it.
struct Projected {
    Points picture;
    nlohmann::json figures = nlohmann::json::object();
    /// Places (M, 2) of new codes (M, D) in the picture, whose own points stay; none where interrupted. Safe while the codes and
    /// the pool live that the picture was made with.
    std::function<std::optional<Points>(const Points& picture, const Points& added)> place;
};

/// Shows its progress on stderr. Throws Error(InvalidArgument) naming the option that does not fit the codes (N, D ≥ 2). None
/// where interrupted.
std::optional<Projected> projected(const MethodOptions& options, const Points& codes, WorkerPool& pool);

} // namespace latentoscope
