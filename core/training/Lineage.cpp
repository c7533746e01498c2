#include "core/training/Lineage.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/data/Split.h"
#include "core/kinds/Kind.h"

#include <algorithm>

namespace latentoscope {
namespace {

constexpr std::size_t kMostAncestors = 16; ///< a circle of records ends here, too

Ancestor ancestorOf(const std::filesystem::path& folder, const RunRecord& run)
{
    std::error_code ignored;
    return {std::filesystem::absolute(folder, ignored).lexically_normal().string(),
            run.configuration.model.kind,
            run.dataName,
            run.dataDigest,
            run.configuration.data,
            kindOf(run.configuration.model).classifies};
}

/// The training items that an ancestor learned from; of a classifier those whose labels it saw, which are all that it saw.
std::vector<int> itemsOf(const Ancestor& ancestor, const DividedData& data)
{
    const std::vector<int> items = divide(data.set, ancestor.data).split->train;
    if (!ancestor.labels || ancestor.data.labelsFraction >= 1) return items;
    return shareByClass(data.set->train, items, ancestor.data.labelsFraction, ancestor.data.seed);
}

std::string countText(int some, int all)
{
    return some == all ? "all " + groupedText(all) : groupedText(some) + " of the " + groupedText(all);
}

} // namespace

std::vector<Ancestor> lineageOf(const std::filesystem::path& folder, const RunRecord& run)
{
    std::vector<Ancestor> lineage{ancestorOf(folder, run)};
    RunRecord last = run;
    while (lineage.size() < kMostAncestors) {
        if (!last.lineage.empty()) {
            lineage.insert(lineage.end(), last.lineage.begin(), last.lineage.end());
            break;
        }
        if (last.encoderFolder.empty()) break;
        const std::string before = last.encoderFolder;
        try {
            last = readRun(before);
            lineage.push_back(ancestorOf(before, last));
        } catch (const Error&) {
            lineage.push_back({before, {}, {}, {}, {}, false});
            break;
        }
    }
    if (lineage.size() > kMostAncestors) lineage.resize(kMostAncestors);
    return lineage;
}

SeenItems seenBy(const std::vector<Ancestor>& lineage, const DividedData& data, const std::vector<int>& items)
{
    std::vector<char> images(static_cast<std::size_t>(data.set->train.count()));
    std::vector<char> labels(images.size());
    SeenItems seen;
    seen.items = static_cast<int>(items.size());
    for (const Ancestor& ancestor : lineage) {
        if (ancestor.kind.empty()) seen.unknown = true;
        if (ancestor.kind.empty() || ancestor.dataDigest != data.set->digest) continue;
        for (const int item : itemsOf(ancestor, data)) {
            images[static_cast<std::size_t>(item)] = 1;
            if (ancestor.labels) labels[static_cast<std::size_t>(item)] = 1;
        }
    }
    for (const int item : items) {
        seen.images += images[static_cast<std::size_t>(item)];
        seen.labels += labels[static_cast<std::size_t>(item)];
    }
    return seen;
}

std::vector<std::string> encoderNotes(const std::filesystem::path& encoder, const std::vector<Ancestor>& lineage,
                                      const DividedData& data)
{
    std::vector<std::string> notes;
    const std::string whose = "the encoder of " + encoder.string() + " ";
    const SeenItems held = seenBy(lineage, data, data.split->validation);
    if (held.images > 0) {
        notes.push_back(whose + "has seen " + countText(held.images, held.items) + " held-out images, " +
                        (held.labels == 0
                             ? "without their labels"
                             : "with the labels of " + countText(held.labels, held.items) + ", so the figures on them flatter"));
    }
    std::vector<int> others; // training images whose labels this network is not to see
    const std::vector<int>& own = data.split->train;
    for (int item = 0; item < data.set->train.count(); ++item) {
        const bool trained = std::binary_search(own.begin(), own.end(), item);
        const bool heldOut = std::binary_search(data.split->validation.begin(), data.split->validation.end(), item);
        if (!trained && !heldOut) others.push_back(item);
    }
    if (const SeenItems more = seenBy(lineage, data, others); more.labels > 0) {
        notes.push_back(whose + "was trained with the labels of " + groupedText(more.labels) + " training images beyond the " +
                        groupedText(static_cast<std::int64_t>(own.size())) + " whose labels this network sees");
    }
    if (held.unknown) {
        notes.push_back(whose + "goes back to the run " + lineage.back().folder +
                        ", which is not there any more: what it has seen is not known");
    }
    return notes;
}

} // namespace latentoscope
