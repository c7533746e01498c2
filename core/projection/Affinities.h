/// How strongly t-SNE ties points to their neighbours.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/projection/SymmetricGraph.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace latentoscope {

class WorkerPool;

/// So many neighbours are needed for a perplexity: three times as many, as van der Maaten (2014) has it.
int neighboursFor(double perplexity);

/// Joint affinities (van der Maaten & Hinton 2008, sections 2 and 3.1): of each point a normal kernel over its neighbours, its
/// width such that the kernel's perplexity 2^H is the one given to 1e-5 relative, then P = (P + Pᵀ) / 2N, which sums to 1.
/// Several perplexities give the mean of their kernels (Kobak & Berens 2019). Each takes the nearest neighboursFor(perplexity) of
/// the table. Where so many neighbours are equally far that no width gives the perplexity, these share all of it. The same values
/// for any number of threads. Throws Error(InvalidArgument) for no perplexity, one below 1, or one that needs more neighbours
/// than there are. None where `progress` said false.
std::optional<Affinities> jointAffinities(const NeighbourTable& neighbours, std::span<const double> perplexities,
                                          WorkerPool& pool, const WorkProgress& progress = goOn);

/// The kernel of one point: from squared distances (K), ascending, its values, which sum to 1, into `kernel` (K). Returns its
/// perplexity.
double calibratedKernel(std::span<const double> distances, double perplexity, std::span<double> kernel);

/// The mean of one point's kernels for several perplexities, each over the nearest neighboursFor(perplexity) of `distances` (K),
/// into `mean` (K).
void meanKernel(std::span<const double> distances, std::span<const double> perplexities, std::span<double> mean);

} // namespace latentoscope
