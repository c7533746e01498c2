/// A picture in the plane that forms step by step: what t-SNE and UMAP have in common for those who watch.
#pragma once

#include "core/neighbours/Points.h"

namespace latentoscope {

/// One thread at a time.
class Embedding {
public:
    virtual ~Embedding() = default;

    /// One step.
    virtual void iterate() = 0;
    virtual int iteration() const = 0;  ///< how many steps there were
    virtual int iterations() const = 0; ///< how many there are to be
    bool done() const { return iteration() >= iterations(); }
    /// The present places (N, 2).
    virtual Points places() const = 0;

protected:
    Embedding() = default;
    Embedding(const Embedding&) = default;
    Embedding& operator=(const Embedding&) = default;
    Embedding(Embedding&&) = default;
    Embedding& operator=(Embedding&&) = default;
};

} // namespace latentoscope
