/// The methods whose pictures form step by step (t-SNE, UMAP), each a class and an entry of formingBy(): all that
/// RunningProjection needs to know of them.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/projection/Tsne.h"
#include "core/projection/Umap.h"

#include <memory>
#include <optional>
#include <vector>

namespace latentoscope {

class WorkerPool;

enum class FormingMethod { Tsne, Umap };

struct FormingSettings {
    FormingMethod method = FormingMethod::Tsne;
    std::vector<double> perplexities{30}; ///< of t-SNE
    TsneOptions tsne;
    UmapOptions umap;
};

/// An embedding by one method, from its settings to its end. One thread at a time.
class Forming {
public:
    virtual ~Forming() = default;
    Forming(const Forming&) = delete;
    Forming& operator=(const Forming&) = delete;

    /// As people know it: "t-SNE".
    virtual const char* name() const = 0;
    /// Of each point, itself not counted.
    virtual int neighbours(const FormingSettings& settings) const = 0;
    /// Whether a table of so many neighbours serves these settings.
    virtual bool serves(int neighbours, const FormingSettings& settings) const = 0;
    /// None where `progress` says false. Throws Error(InvalidArgument) where the settings do not fit the table.
    virtual std::optional<Affinities> affinities(const NeighbourTable& table, const FormingSettings& settings, WorkerPool& pool,
                                                 const WorkProgress& progress) const = 0;
    /// Begins with the affinities of these points. `pool` outlives this. Throws Error(InvalidArgument) as the method.
    virtual void begin(Affinities affinities, const Points& points, const FormingSettings& settings, WorkerPool& pool) = 0;
    /// Whether goOn() from these settings to those needs other affinities.
    virtual bool needsOthers(const FormingSettings& before, const FormingSettings& after) const = 0;
    /// A warm restart: goes on from the present places, with other affinities where those are needed. After begin().
    virtual void goOn(std::optional<Affinities> others, const FormingSettings& settings, WorkerPool& pool) = 0;
    /// After begin().
    virtual Embedding& embedding() = 0;
    /// Of the present places, where the method has one (nats).
    virtual std::optional<double> klDivergence() const { return std::nullopt; }

protected:
    Forming() = default;
};

/// What a t-SNE iterates at least when it goes on.
inline constexpr int kWarmIterations = 300;

std::unique_ptr<Forming> formingBy(FormingMethod method);

} // namespace latentoscope
