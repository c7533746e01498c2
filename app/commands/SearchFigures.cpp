#include "app/commands/SearchFigures.h"

#include "app/commands/FigureFiles.h"
#include "app/commands/Options.h"

#include "core/base/Error.h"
#include "core/figures/StudyFigures.h"
#include "core/studies/JournalLocation.h"
#include "core/studies/StudyStorage.h"

#include <iostream>

namespace latentoscope {
namespace {

struct SearchFiguresOptions {
    std::string storage;
    std::string study;
    std::string out;
};

int searchFigures(const SearchFiguresOptions& options)
{
    const StudyStorage storage(openJournal(options.storage, MissingJournal::Refuse));
    const StudyView view = studyView(storage.journal(), storage.study(options.study), options.storage);
    std::vector<NamedFigure> figures;
    for (auto& [name, figure] : studyFigures(view)) figures.push_back({name, std::move(figure)});
    if (figures.empty()) throw Error(Error::Kind::NotFound, "study " + options.study + ": found no trial with a value to draw");
    writeFigures(options.out, figures);
    for (const NamedFigure& figure : figures) std::cout << figure.name << std::endl;
    return kExitDone;
}

} // namespace

void addSearchFigures(CLI::App& search, Action& action)
{
    auto options = std::make_shared<SearchFiguresOptions>();
    CLI::App* command = search.add_subcommand("figures", "Write every figure of a study as PNG, SVG, PDF and CSV");
    command->add_option("--storage", options->storage, "Journal file or redis://HOST:PORT/DB?prefix=TEXT")
        ->type_name("FILE|URL")
        ->required()
        ->check(kSomeName);
    command->add_option("--study", options->study, "Name of the study")->type_name("NAME")->required()->check(kSomeName);
    command->add_option("--out", options->out, "Folder for the files")->type_name("FOLDER")->required()->check(kSomeName);
    command->callback([options, &action] { action = [options] { return searchFigures(*options); }; });
}

} // namespace latentoscope
