#include "app/commands/Options.h"
#include "app/commands/Program.h"

#include "app/commands/CommandData.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/storage/CodesFile.h"
#include "core/values/LatentCodes.h"

#include <iostream>

namespace latentoscope {
namespace {

struct EncodeOptions {
    std::string run;
    MachineOptions machine;
    std::string split = "test";
    std::string out;
};

int encodeRun(const EncodeOptions& options)
{
    requireCodesEnding(options.out);
    const RunRecord run = readRun(options.run);
    const auto model = readModel(options.run, run.configuration.model, run.shape);
    const auto data = dataOfRun(run, options.machine);
    refuseOutputOnRun("--out", options.out, options.run, data->folder);
    const auto codes = encodeItems(*model, *data, selectionOf(run, data, options.split), 0);
    requireFiniteValues(codes->values, "codes of the " + codes->split + " split");
    writeCodes(options.out, {codes->dimension, codes->items, codes->labels, codes->values});
    std::cout << groupedText(codes->count()) << " codes of " << codes->dimension << " dimensions: " << options.out << std::endl;
    return kExitDone;
}

} // namespace

void addEncodeCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<EncodeOptions>();
    CLI::App* command = program.add_subcommand("encode", "Write the latent codes of a split");
    command->add_option("run", options->run, "Folder of a run")->type_name("RUN")->required();
    options->machine.addDataTo(*command);
    command->add_option("--split", options->split, "train, validation, test or all (training images first)")
        ->type_name("SPLIT")
        ->capture_default_str();
    command
        ->add_option("--out", options->out, "FILE.csv (index,label,z0,z1,…) or FILE.npy with FILE.labels.npy and FILE.items.npy")
        ->type_name("FILE")
        ->required()
        ->check(kSomeName);
    command->footer("Example: latentoscope encode runs/latent-11 --split test --out codes.csv");
    command->callback([options, &action] { action = [options] { return encodeRun(*options); }; });
}

} // namespace latentoscope
