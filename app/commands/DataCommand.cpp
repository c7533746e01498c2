#include "app/commands/Interrupt.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/data/Duplicates.h"
#include "core/sources/LoadData.h"
#include "core/sources/SaveData.h"
#include "core/storage/PngFile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownRows = 10; ///< of sizes, classes, files and duplicates in the text

struct DataCommandOptions {
    std::string path;
    std::vector<std::string> sets;
    MachineOptions machine;
    std::string out;
    std::string mean;
    bool json = false;
};

DataOptions optionsOf(const std::vector<std::string>& sets)
{
    Configuration configuration;
    for (const std::string& set : sets) {
        const std::size_t equals = set.find('=');
        const std::string field = set.substr(0, equals);
        if (equals == std::string::npos || !field.starts_with("data.")) {
            throw Error(Error::Kind::InvalidArgument,
                        "--set: found " + set + ", expected data.FIELD=VALUE, such as data.size=32");
        }
        setFieldFromText(configuration, field, set.substr(equals + 1));
    }
    return configuration.data;
}

/// Of the training images, rounded.
std::vector<std::uint8_t> meanImage(const ImageSet& set)
{
    std::vector<double> sums(set.shape.values());
    for (int item = 0; item < set.count(); ++item) {
        const auto image = set.image(item);
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += image[i];
    }
    std::vector<std::uint8_t> mean;
    for (const double sum : sums) mean.push_back(static_cast<std::uint8_t>(std::lround(sum / std::max(1, set.count()))));
    return mean;
}

std::vector<int> countsByClass(const ImageSet& set, std::size_t classes)
{
    std::vector<int> counts(classes);
    for (const Label label : set.labels)
        if (label < classes) ++counts[label];
    return counts;
}

int trained(const DataSet& data) { return data.train.count() - static_cast<int>(data.validation.size()); }

/// As the files have them; of IDX files the images are the pictures.
std::vector<SizeCount> sizesOf(const DataSet& data)
{
    if (!data.found.sizes.empty()) return data.found.sizes;
    return {{data.train.shape.height, data.train.shape.width, data.train.count() + data.test.count()}};
}

Json jsonOf(const DataSet& data, const Duplicates& duplicates, const std::vector<std::uint8_t>& mean)
{
    Json json{{"name", data.name},
              {"path", data.folder.string()},
              {"train", trained(data)},
              {"validation", data.validation.size()},
              {"test", data.test.count()},
              {"test_is_drawn", data.found.testIsDrawn},
              {"height", data.train.shape.height},
              {"width", data.train.shape.width},
              {"channels", data.train.shape.channels}};
    json["sizes"] = Json::array();
    for (const SizeCount& size : sizesOf(data))
        json["sizes"].push_back({{"height", size.height}, {"width", size.width}, {"count", size.count}});
    json["depth"] = data.found.depth;
    json["classes"] = data.classNames;
    json["counts"] = {{"train", countsByClass(data.train, data.classNames.size())},
                      {"test", countsByClass(data.test, data.classNames.size())}};
    json["digest"] = data.digest;
    json["mean"] = std::accumulate(mean.begin(), mean.end(), 0.0) / 255 / static_cast<double>(mean.size());
    json["unreadable"] = Json::array();
    for (const Unreadable& one : data.found.unreadable)
        json["unreadable"].push_back({{"file", one.file}, {"reason", one.reason}});
    json["passed_over"] = data.found.passedOver;
    json["duplicates"] = duplicates.copies;
    json["leaked"] = duplicates.leaked;
    json["notes"] = data.found.notes;
    return json;
}

void printLine(const std::string& name, const std::string& text)
{
    constexpr std::size_t kColumn = 12;
    std::cout << "  " << name << std::string(name.size() < kColumn ? kColumn - name.size() : 1, ' ') << text << "\n";
}

std::string grouped(std::size_t count) { return groupedText(static_cast<std::int64_t>(count)); }

/// So many of a list, a line each, and how many more there are.
template <class List, class Text> void printList(const std::string& name, const List& list, const Text& text)
{
    std::size_t shown = 0;
    for (const auto& one : list) {
        if (shown == kShownRows) return printLine("", "and " + grouped(list.size() - shown) + " more");
        printLine(shown++ == 0 ? name : "", text(one));
    }
}

std::string sizeText(int height, int width) { return std::to_string(height) + " x " + std::to_string(width); }

std::string placeText(const ImagePlace& place) { return (place.train ? "training " : "test ") + groupedText(place.item); }

void print(const DataSet& data, const Duplicates& duplicates)
{
    const ImageShape& shape = data.train.shape;
    std::cout << data.name << ": " << data.folder.string() << "\n";
    printLine("images", groupedText(trained(data)) + " training" +
                            (data.validation.empty() ? "" : ", " + grouped(data.validation.size()) + " validation") + ", " +
                            groupedText(data.test.count()) + " test, of " + sizeText(shape.height, shape.width) +
                            (shape.channels == 3 ? " in colour" : " in grey"));
    printList("pictures", sizesOf(data),
              [&](const SizeCount& size) { return groupedText(size.count) + " of " + sizeText(size.height, size.width); });
    printLine("depth", std::to_string(data.found.depth) + " bits");
    const std::vector<int> train = countsByClass(data.train, data.classNames.size()),
                           test = countsByClass(data.test, data.classNames.size());
    if (!data.hasLabels()) printLine("classes", "none: the pictures have no labels");
    std::size_t label = 0;
    printList("classes", data.classNames, [&](const std::string& name) {
        const std::string counts = groupedText(train[label]) + " + " + groupedText(test[label]);
        ++label;
        return shownText(name) + ": " + counts;
    });
    if (duplicates.copies == 0) printLine("duplicates", "none");
    if (duplicates.copies > 0) {
        printLine("duplicates", grouped(duplicates.copies) + (duplicates.copies == 1 ? " image is" : " images are") +
                                    " the same as another one before" +
                                    (duplicates.leaked > 0 ? "; " + grouped(duplicates.leaked) +
                                                                 " test images are among the training images, so figures on "
                                                                 "them flatter"
                                                           : ""));
        printList("", duplicates.groups, [](const std::vector<ImagePlace>& group) {
            std::vector<std::string> places;
            for (const ImagePlace& place : group) {
                if (places.size() == 4) {
                    places.emplace_back("…");
                    break;
                }
                places.push_back(placeText(place));
            }
            return joined(places, " = ");
        });
    }
    printList("unreadable", data.found.unreadable, [](const Unreadable& one) { return shownText(one.file) + ": " + one.reason; });
    if (data.found.passedOver > 0) printLine("passed over", grouped(data.found.passedOver) + " files that are no pictures");
    printLine("digest", data.digest);
    for (const std::string& note : data.found.notes) printLine("note", note);
    std::cout << std::flush;
}

int describe(const DataCommandOptions& options)
{
    const DataOptions data = optionsOf(options.sets);
    watchInterrupts();
    std::shared_ptr<const DataSet> read;
    {
        SharePrinter printer("Reading");
        read = loadData(options.path, data, options.machine.threadCount(), [&](double done) {
            if (!options.json) printer.show(done);
            return !interrupted();
        });
    }
    if (!read) {
        std::cerr << "latentoscope: stopped" << std::endl;
        return kExitFailed;
    }
    const Duplicates duplicates = findDuplicates(*read);
    const std::vector<std::uint8_t> mean = meanImage(read->train);
    if (!options.out.empty()) saveData(*read, options.out);
    if (!options.mean.empty()) writePng(options.mean, read->train.shape, mean);
    if (options.json)
        std::cout << jsonOf(*read, duplicates, mean).dump() << std::endl;
    else
        print(*read, duplicates);
    return kExitDone;
}

} // namespace

void addDataCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<DataCommandOptions>();
    CLI::App* command =
        program.add_subcommand("data", "Look at data: how many images, sizes, classes, duplicates, and what cannot be read");
    command
        ->add_option("path", options->path,
                     "Folder of pictures, archive, .npz, .npy, .csv, or folder of IDX, CIFAR or STL-10 files")
        ->type_name("PATH")
        ->required();
    command->add_option("--set", options->sets, "Set how pictures become images, such as data.size=32; may be repeated");
    options->machine.addThreadsTo(*command);
    command->add_option("--out", options->out, "Write the images: FILE.npz, or a folder for four IDX files")
        ->type_name("FILE|FOLDER")
        ->check(kSomeName);
    command->add_option("--mean", options->mean, "Write the mean of the training images as a PNG file")
        ->type_name("FILE.png")
        ->check(kSomeName);
    command->add_flag("--json", options->json, "Print one JSON object");
    command->footer("Example: latentoscope data my-pictures --set data.size=32 --out my-pictures.npz");
    command->callback([options, &action] { action = [options] { return describe(*options); }; });
}

} // namespace latentoscope
