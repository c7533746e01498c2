#include "app/commands/Options.h"
#include "app/commands/Program.h"

#include "core/base/Error.h"
#include "core/figures/Grid.h"
#include "core/models/FrozenModel.h"
#include "core/storage/PngFile.h"

#include <iostream>

namespace latentoscope {
namespace {

struct DecodeOptions {
    std::string run;
    std::string code;
    std::string out;
    int scale = 1;
};

int decodeCode(const DecodeOptions& options)
{
    if (!options.out.ends_with(".png")) {
        throw Error(Error::Kind::InvalidArgument, "--out: found " + options.out + ", expected a name that ends in .png");
    }
    refuseOutputOnRun("--out", options.out, options.run, {});
    const RunRecord run = readRun(options.run);
    const auto model = readModel(options.run, run.configuration.model, run.shape);
    const std::vector<float> code = parseCode(options.code);
    if (static_cast<int>(code.size()) != model->latentDimension()) {
        throw Error(Error::Kind::InvalidArgument, "--code: found " + std::to_string(code.size()) + " numbers, expected " +
                                                      std::to_string(model->latentDimension()) + ", the run's latent dimensions");
    }
    const std::vector<float> values = model->decode(code);
    requireFiniteValues(values, "image of this code");
    const PixelImage image = composeGrid(run.shape, toBytes(values), {1, options.scale, 0, 0});
    writePng(options.out, image.shape(), image.pixels);
    std::cout << "Decoded: " << options.out << std::endl;
    return kExitDone;
}

} // namespace

void addDecodeCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<DecodeOptions>();
    CLI::App* command = program.add_subcommand("decode", "Decode a latent code into an image");
    command->add_option("run", options->run, "Folder of a run")->type_name("RUN")->required();
    command->add_option("--code", options->code, "Latent code: one number per dimension, separated by commas")
        ->type_name("Z0,Z1,…")
        ->required();
    command->add_option("--scale", options->scale, "Magnification: output pixels per image pixel")
        ->type_name("N")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command->add_option("--out", options->out, "PNG file")->type_name("FILE")->required()->check(kSomeName);
    command->footer("Example: latentoscope decode runs/latent-2 --code 0.1,-0.5 --out image.png");
    command->callback([options, &action] { action = [options] { return decodeCode(*options); }; });
}

} // namespace latentoscope
