/// Makes a data set of whatever a person has: the one way in for data.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/data/DataOptions.h"

#include <filesystem>
#include <memory>

namespace latentoscope {

struct DataSet;

/// Reads a folder of IDX files (loadDataSet) or whatever else openSource opens. Pictures become images of one shape: of data.size
/// or, without it, of the commonest size among them, at most 64 pixels a side; grey where all are or data.color says so. Training
/// and test images are those of the data's own split; without one, data.test_fraction of each class is the test set. Images that
/// the data set itself holds out for validation stand in DataSet::validation.
///
/// What cannot be read is left out and listed in DataSet::found. Throws Error(NotFound) where nothing is there,
/// Error(CorruptData) where no picture can be read, where more than 5 % cannot and data.skip_broken is not set, or where a class
/// has too few. `threads` decode at a time; null where `progress` said false. Same data and options, same bytes, at any number of
/// threads.
std::shared_ptr<const DataSet> loadData(const std::filesystem::path& path, const DataOptions& options, int threads,
                                        const WorkProgress& progress = goOn);

} // namespace latentoscope
