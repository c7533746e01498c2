#include "core/training/Prepare.h"

#include "core/base/Digest.h"
#include "core/base/Error.h"
#include "core/base/Machine.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/config/Fields.h"
#include "core/config/Validation.h"
#include "core/data/ClassShares.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/data/Split.h"
#include "core/kinds/Kind.h"
#include "core/models/ComputeThread.h"
#include "core/models/FrozenModel.h"
#include "core/models/Transfer.h"
#include "core/training/Lineage.h"
#include "core/training/Memory.h"

#include <algorithm>

namespace latentoscope {
namespace {

/// The labels that a classifier may see, and whether it can tell all of them apart.
void prepareLabels(SessionSetup& setup)
{
    const ImageSet& images = setup.data->train;
    if (!setup.data->hasLabels()) {
        throw Error(Error::Kind::InvalidArgument,
                    setup.data->name + ": has no labels, which a classifier learns from; put the pictures of each class into a "
                                       "folder of its own, or give a table labels.csv with the columns file,label");
    }
    if (classShares(images.labels).present < 2) {
        throw Error(Error::Kind::InvalidArgument,
                    setup.data->name + ": all of its training images are of one class, expected at least two to tell apart");
    }
    int highest = 0; // the test images, too: they are measured in the end
    for (const auto* labels : {&images.labels, &setup.data->test.labels}) {
        for (const Label label : *labels) highest = std::max<int>(highest, label);
    }
    if (highest >= setup.configuration.model.classes) {
        throw Error(Error::Kind::InvalidArgument, "model.classes: found " + std::to_string(setup.configuration.model.classes) +
                                                      ", but " + setup.data->name + " has " + std::to_string(highest + 1) +
                                                      " classes; set it to " + std::to_string(highest + 1));
    }
    const double fraction = setup.configuration.data.labelsFraction;
    if (fraction >= 1) return;
    auto split = std::make_shared<Split>(*setup.split);
    split->train = shareByClass(images, split->train, fraction, setup.configuration.data.seed);
    setup.split = std::move(split);
}

} // namespace

RunRecord recordOf(const SessionSetup& setup)
{
    const DataSet& data = *setup.data;
    requireUtf8(data.folder.string(), "the data folder");
    requireUtf8(setup.encoder.string(), "the encoder's run");
    // The run may be looked at from elsewhere.
    std::error_code ignored;
    const std::string folder =
        data.folder.empty() ? std::string() : std::filesystem::absolute(data.folder, ignored).lexically_normal().string();
    const std::string encoder =
        setup.encoder.empty() ? std::string() : std::filesystem::absolute(setup.encoder, ignored).lexically_normal().string();
    return {setup.configuration, data.train.shape, data.name,           data.digest,   folder,
            data.classNames,     setup.device,     setup.threads,       timestamp(),   version(),
            torchVersion(),      encoder,          setup.encoderDigest, setup.lineage, notesOf(setup)};
}

void beginWithEncoder(SessionSetup& setup, const std::filesystem::path& folder)
{
    const RunRecord run = readRun(folder);
    const auto trained = readModel(folder, run.configuration.model, run.shape);
    setup.weights = std::make_shared<std::vector<float>>(
        withEncoderOf(*trained, setup.configuration.model, setup.configuration.training.seed));
    setup.encoder = folder;
    setup.encoderDigest = weightsDigest(trained->weights());
    setup.lineage = lineageOf(folder, run);
}

std::vector<std::string> notesOf(const SessionSetup& setup)
{
    if (setup.lineage.empty() || !setup.split) return {};
    return encoderNotes(setup.encoder, setup.lineage, setup.divided());
}

void requireLearnedEncoder(const SessionSetup& setup)
{
    const ModelOptions& model = setup.configuration.model;
    if (!kindOf(model).classifies || !model.freezeEncoder || setup.weights) return;
    throw Error(Error::Kind::InvalidArgument,
                "model.freeze_encoder: found yes without a trained encoder, but an encoder that has learned nothing must learn; "
                "begin with a run's encoder (fine-tune RUN), or set it to no");
}

SessionSetup completed(SessionSetup setup)
{
    validate(setup.configuration, setup.data->train.shape);
    setup.device = resolvedDevice(setup.device);
    if (!setup.split) setup.split = divide(setup.data, setup.configuration.data).split;
    if (kindOf(setup.configuration.model).classifies) prepareLabels(setup);
    if (setup.threads <= 0) setup.threads = processorsAllowed();
    if (setup.configuration.training.keep == KeptWeights::Best && setup.split->validation.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    "training.keep: found best, but no images are held out to tell it by; set data.validation_fraction, such as "
                    "to 0.1, or training.keep to last");
    }
    checkMemory(setup.configuration, setup.data->train.shape, setup.threads);
    return setup;
}

} // namespace latentoscope
