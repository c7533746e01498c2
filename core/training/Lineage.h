/// What an encoder that a classifier begins with has seen, at first and second hand.
#pragma once

#include "core/storage/RunFolder.h"

#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope {

struct DividedData;

/// The run in `folder` and those before it whose encoders it goes back to, nearest first. Runs of older programs, which record
/// only the one before, are followed from folder to folder; one that is gone ends the list as an Ancestor without a kind.
std::vector<Ancestor> lineageOf(const std::filesystem::path& folder, const RunRecord& run);

/// How many of some training images an encoder's ancestors have seen.
struct SeenItems {
    int items = 0;        ///< looked at
    int images = 0;       ///< seen, with or without their labels
    int labels = 0;       ///< of these, the ones whose labels were learned from
    bool unknown = false; ///< an ancestor is gone: it may be more
};

/// Of `items` of data.set->train. Ancestors that learned from other data have seen none.
SeenItems seenBy(const std::vector<Ancestor>& lineage, const DividedData& data, const std::vector<int>& items);

/// What a reader of a classifier's figures must know of its encoder, which comes from the run in `encoder`; empty where it has
/// seen nothing that the figures suppose unseen. Sentences without capital and full stop.
std::vector<std::string> encoderNotes(const std::filesystem::path& encoder, const std::vector<Ancestor>& lineage,
                                      const DividedData& data);

} // namespace latentoscope
