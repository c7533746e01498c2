#include "core/projection/Forming.h"

#include "core/base/Error.h"
#include "core/base/WorkerPool.h"

#include <algorithm>
#include <utility>

namespace latentoscope {
namespace {

class FormingTsne : public Forming {
public:
    const char* name() const override { return "t-SNE"; }
    int neighbours(const FormingSettings& settings) const override
    {
        const std::vector<double>& all = settings.perplexities;
        return neighboursFor(all.empty() ? 0 : *std::max_element(all.begin(), all.end()));
    }
    bool serves(int found, const FormingSettings& settings) const override { return found >= neighbours(settings); }
    std::optional<Affinities> affinities(const NeighbourTable& table, const FormingSettings& settings, WorkerPool& pool,
                                         const WorkProgress& progress) const override
    {
        return jointAffinities(table, settings.perplexities, pool, progress);
    }
    void begin(Affinities affinities, const Points& points, const FormingSettings& settings, WorkerPool& pool) override
    {
        m_tsne.emplace(std::move(affinities), tsneStart(points, pool), settings.tsne, pool);
    }
    bool needsOthers(const FormingSettings& before, const FormingSettings& after) const override
    {
        return before.perplexities != after.perplexities;
    }
    void goOn(std::optional<Affinities> others, const FormingSettings& settings, WorkerPool&) override
    {
        TsneOptions options = settings.tsne;
        options.iterations = std::max(options.iterations, m_tsne->iteration() + kWarmIterations);
        m_tsne->setOptions(options);
        if (others) m_tsne->setAffinities(*std::move(others));
    }
    Embedding& embedding() override { return *m_tsne; }
    std::optional<double> klDivergence() const override { return m_tsne->klDivergence(); }

private:
    std::optional<Tsne> m_tsne;
};

class FormingUmap : public Forming {
public:
    const char* name() const override { return "UMAP"; }
    // UMAP counts the point itself.
    int neighbours(const FormingSettings& settings) const override { return settings.umap.neighbours - 1; }
    bool serves(int found, const FormingSettings& settings) const override { return found == neighbours(settings); }
    std::optional<Affinities> affinities(const NeighbourTable& table, const FormingSettings&, WorkerPool& pool,
                                         const WorkProgress& progress) const override
    {
        return fuzzyUnion(table, pool, progress);
    }
    void begin(Affinities affinities, const Points& points, const FormingSettings& settings, WorkerPool& pool) override
    {
        m_umap.emplace(affinities, umapStart(points, pool), settings.umap, pool);
    }
    bool needsOthers(const FormingSettings&, const FormingSettings&) const override { return true; }
    void goOn(std::optional<Affinities> others, const FormingSettings& settings, WorkerPool& pool) override
    {
        const Points places = m_umap->places();
        m_umap.emplace(others.value(), places, settings.umap, pool);
    }
    Embedding& embedding() override { return *m_umap; }

private:
    std::optional<Umap> m_umap;
};

} // namespace

std::unique_ptr<Forming> formingBy(FormingMethod method)
{
    switch (method) {
    case FormingMethod::Tsne:
        return std::make_unique<FormingTsne>();
    case FormingMethod::Umap:
        return std::make_unique<FormingUmap>();
    }
    throw Error(Error::Kind::InvalidArgument, "method: found none that forms step by step");
}

} // namespace latentoscope
