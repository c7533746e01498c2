#include "core/config/Fields.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/kinds/Kind.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <type_traits>
#include <variant>

namespace latentoscope {
namespace {

using Json = nlohmann::json;
using Type = Field::Type;
using Scale = Field::Scale;

/// A word's place, whatever enumeration stands there.
struct ChoiceSlot {
    std::string word;
    std::function<void(const std::string& word)> set; ///< one of the field's choices
};
using Slot = std::variant<int*, double*, bool*, std::uint64_t*, ChoiceSlot, std::vector<int>*>;

template <class Choice> ChoiceSlot slotOf(Choice& choice)
{
    return {wordOf(choice), [&choice](const std::string& word) { choice = choiceOf<Choice>(word).value(); }};
}
/// Kinds are registered (Kind.h), not enumerated.
ChoiceSlot slotOf(std::string& kind)
{
    return {kind, [&kind](const std::string& word) { kind = word; }};
}

constexpr double kLargestSeed = 9007199254740991.0; // 2^53 - 1: every JSON reader keeps it exactly
constexpr std::size_t kMostConvolutions = 6;

std::vector<std::string> kindNames()
{
    std::vector<std::string> names;
    for (const Kind& kind : kinds()) names.push_back(kind.name);
    return names;
}

struct Row {
    Field field;
    Slot (*slot)(Configuration&);
    bool (*applies)(const Configuration&) = nullptr; ///< null: always
};

const std::vector<Row>& rows()
{
    static const std::vector<Row> table{
        {{"data.validation_fraction",
          "Held out",
          "Fraction of the training images held out for validation, stratified by class",
          Type::Real,
          0,
          0.9,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.data.validationFraction; },
         [](const Configuration& c) { return c.data.folds == 0; }},
        {{"data.seed",
          "Split seed",
          "Seed of the split: the same seed holds out the same images",
          Type::Integer,
          0,
          kLargestSeed,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.data.seed; }},
        {{"data.folds",
          "Folds",
          "Number of stratified folds, one of which is held out (0: hold out a fraction instead)",
          Type::Integer,
          0,
          1000,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.data.folds; }},
        {{"data.fold", "Fold", "Number of the fold that is held out, from 1", Type::Integer, 1, 1000, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.data.fold; },
         [](const Configuration& c) { return c.data.folds > 0; }},
        {{"data.labels_fraction",
          "Labels used",
          "Fraction of the training images whose labels a classifier sees, stratified by class; the others are left out",
          Type::Real,
          1e-6,
          1,
          Scale::Logarithmic,
          {}},
         [](Configuration& c) -> Slot { return &c.data.labelsFraction; }},
        {{"model.kind", "Kind", "Kind of network to train", Type::Choice, 0, 0, Scale::Linear, kindNames()},
         [](Configuration& c) -> Slot { return slotOf(c.model.kind); }},
        {{"model.latent", "Latent", "Dimensions of the latent code", Type::Integer, 1, 1024, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.model.latent; }},
        {{"model.channels",
          "Channels",
          "Output channels of each encoder convolution; the decoder mirrors them",
          Type::IntegerList,
          1,
          1024,
          Scale::Linear,
          {},
          kMostConvolutions},
         [](Configuration& c) -> Slot { return &c.model.channels; }},
        {{"model.hidden",
          "Hidden",
          "Units of the linear layer between the convolutions and the latent code",
          Type::Integer,
          1,
          8192,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.model.hidden; }},
        {{"model.kernel", "Kernel", "Kernel size of every convolution, in pixels", Type::Integer, 1, 15, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.model.kernel; }},
        {{"model.stride", "Stride", "Stride of every convolution, in pixels", Type::Integer, 1, 8, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.model.stride; }},
        {{"model.padding", "Padding", "Zero padding of every convolution, in pixels", Type::Integer, 0, 7, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.model.padding; }},
        {{"model.initial_weights", "Initial weights",
          "Initialisation of the weights: uniform within one over the root of the fan-in (PyTorch's default), or Kaiming "
          "normal with zero biases",
          Type::Choice, 0, 0, Scale::Linear, wordsOf<WeightInitialisation>()},
         [](Configuration& c) -> Slot { return slotOf(c.model.initialWeights); }},
        {{"model.likelihood", "Likelihood",
          "Pixel likelihood given the reconstruction: gaussian = squared error, bernoulli = binary cross-entropy", Type::Choice,
          0, 0, Scale::Linear, wordsOf<PixelLikelihood>()},
         [](Configuration& c) -> Slot { return slotOf(c.model.likelihood); }},
        {{"model.beta",
          "Beta",
          "Weight of the KL divergence in the loss; 1 gives the evidence lower bound (ELBO)",
          Type::Real,
          0,
          1000,
          Scale::Logarithmic,
          {},
          1,
          1e-2},
         [](Configuration& c) -> Slot { return &c.model.beta; }},
        {{"model.kl_warmup",
          "KL warm-up",
          "Epochs over which the weight of the KL divergence is raised from 0 to beta",
          Type::Real,
          0,
          10'000,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.model.klWarmup; }},
        {{"model.dropout",
          "Dropout",
          "Dropout rate of the hidden linear layers during training",
          Type::Real,
          0,
          0.95,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.model.dropout; }},
        {{"model.batch_norm",
          "Batch normalisation",
          "Normalise hidden layers over the images of a shard during training, and by running statistics afterwards",
          Type::Boolean,
          0,
          0,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.model.batchNorm; }},
        {{"model.head",
          "Head",
          "Units of the classifier's hidden linear layers (ReLU, dropout) between the code and the output layer",
          Type::IntegerList,
          1,
          8192,
          Scale::Linear,
          {},
          kMostConvolutions},
         [](Configuration& c) -> Slot { return &c.model.head; }},
        {{"model.classes", "Classes", "Number of classes that a classifier predicts", Type::Integer, 2, 256, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.model.classes; }},
        {{"model.freeze_encoder",
          "Freeze encoder",
          "Keep the encoder's weights fixed and train only the head",
          Type::Boolean,
          0,
          0,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.model.freezeEncoder; }},
        {{"training.epochs", "Epochs", "Number of passes over the training images", Type::Integer, 1, 10'000, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.training.epochs; }},
        {{"training.batch_size", "Batch size", "Images per optimizer step", Type::Integer, 1, 8192, Scale::Linear, {}},
         [](Configuration& c) -> Slot { return &c.training.batchSize; }},
        {{"training.optimizer", "Optimizer", "Optimisation algorithm", Type::Choice, 0, 0, Scale::Linear,
          wordsOf<OptimizerRule>()},
         [](Configuration& c) -> Slot { return slotOf(c.training.optimizer); }},
        {{"training.learning_rate", "Learning rate", "Step size of the optimizer", Type::Real, 1e-8, 10, Scale::Logarithmic, {}},
         [](Configuration& c) -> Slot { return &c.training.learningRate; }},
        {{"training.schedule", "Schedule",
          "Learning-rate schedule: constant, cosine annealing to 0, or one cycle (up, then down to 0)", Type::Choice, 0, 0,
          Scale::Linear, wordsOf<LearningRateSchedule>()},
         [](Configuration& c) -> Slot { return slotOf(c.training.schedule); }},
        {{"training.warmup",
          "Warm-up",
          "Epochs over which the learning rate is raised from 0",
          Type::Real,
          0,
          10'000,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.training.warmup; },
         [](const Configuration& c) { return c.training.schedule != LearningRateSchedule::OneCycle; }},
        {{"training.weight_decay",
          "Weight decay",
          "Weight decay (L2 penalty; decoupled for AdamW)",
          Type::Real,
          0,
          1,
          Scale::Logarithmic,
          {},
          1,
          1e-8},
         [](Configuration& c) -> Slot { return &c.training.weightDecay; }},
        {{"training.momentum",
          "Momentum",
          "Momentum of SGD; the other optimizers ignore it",
          Type::Real,
          0,
          0.9999,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.training.momentum; },
         [](const Configuration& c) { return c.training.optimizer == OptimizerRule::Sgd; }},
        {{"training.keep", "Keep",
          "Weights that the run keeps: the last epoch's, or those with the best validation loss (needs held-out images)",
          Type::Choice, 0, 0, Scale::Linear, wordsOf<KeptWeights>()},
         [](Configuration& c) -> Slot { return slotOf(c.training.keep); }},
        {{"training.input_noise",
          "Input noise",
          "Standard deviation of Gaussian noise added to the inputs (pixels in 0 to 1, clipped): a denoising auto-encoder",
          Type::Real,
          0,
          2,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.training.inputNoise; }},
        {{"training.flip",
          "Flip",
          "Mirror a random half of the training images left to right in every epoch",
          Type::Boolean,
          0,
          0,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.training.flip; }},
        {{"training.shift",
          "Shift",
          "Shift training images by up to this many pixels in each direction, at random in every epoch, filling with black",
          Type::Integer,
          0,
          16,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.training.shift; }},
        {{"training.seed",
          "Seed",
          "Seed of initial weights, batch order and noise: the same seed gives the same bytes",
          Type::Integer,
          0,
          kLargestSeed,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.training.seed; }},
        {{"training.shard_size",
          "Shard size",
          "Number of images that one thread computes together; another size gives other bytes",
          Type::Integer,
          1,
          8192,
          Scale::Linear,
          {}},
         [](Configuration& c) -> Slot { return &c.training.shardSize; }},
    };
    return table;
}

/// "; the nearest one is …" where one is near: its name without the section counts too, since people leave that out.
std::string suggestion(std::string_view path)
{
    std::vector<std::string> names;
    for (const Row& row : rows()) names.push_back(row.field.path);
    std::string nearest = nearText(path, names);
    if (nearest.empty()) {
        for (std::string& name : names) name = name.substr(name.find('.') + 1);
        const std::string last = nearText(path.substr(path.find('.') == std::string_view::npos ? 0 : path.find('.') + 1), names);
        for (const Row& row : rows()) {
            if (nearest.empty() && !last.empty() && row.field.path.ends_with("." + last)) nearest = row.field.path;
        }
    }
    return nearest.empty() ? "; `latentoscope train --help` lists the fields" : "; the nearest one is " + nearest;
}

const Row& rowAt(std::string_view path)
{
    for (const Row& row : rows()) {
        if (row.field.path == path) return row;
    }
    throw Error(Error::Kind::InvalidArgument, std::string(path) + ": no such field" + suggestion(path));
}

Slot slotOf(const Row& row, const Configuration& configuration)
{
    // Reading goes through the same table as writing; the slot is not written to.
    return row.slot(const_cast<Configuration&>(configuration)); // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

[[noreturn]] void refuse(const Field& field, const std::string& found, const std::string& expected)
{
    throw Error(Error::Kind::InvalidArgument, field.path + ": found " + found + ", expected " + expected);
}

std::string rangeText(const Field& field) { return numberText(field.minimum) + " to " + numberText(field.maximum); }

/// A whole number in the field's range; JSON writers may give 10 as 10.0.
double integerIn(const Field& field, const Json& value, const std::string& found)
{
    const double number = value.is_number() ? value.get<double>() : NAN;
    if (!(number >= field.minimum && number <= field.maximum) || number != std::floor(number))
        refuse(field, found, expectedText(field));
    return number;
}

} // namespace

std::string expectedText(const Field& field)
{
    switch (field.type) {
    case Type::Integer:
        return "a whole number from " + rangeText(field);
    case Type::Real:
        return "a number from " + rangeText(field);
    case Type::Boolean:
        return "true or false";
    case Type::Choice:
        return "one of " + joined(field.choices);
    case Type::IntegerList:
        return "a list of 1 to " + std::to_string(field.most) + " whole numbers from " + rangeText(field) + ", such as 8,16,32";
    }
    return {};
}

const std::vector<Field>& fields()
{
    static const std::vector<Field> all = [] {
        std::vector<Field> list;
        for (const Row& row : rows()) list.push_back(row.field);
        return list;
    }();
    return all;
}

const std::vector<std::string>& sections()
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> list;
        for (const Field& field : fields()) {
            if (list.empty() || list.back() != field.section()) list.push_back(field.section());
        }
        return list;
    }();
    return all;
}

bool applies(const Field& field, const Configuration& configuration)
{
    const Row& row = rowAt(field.path);
    if (!uses(configuration.model, field.path)) return false;
    return row.applies == nullptr || row.applies(configuration);
}

const Field& fieldAt(std::string_view path) { return rowAt(path).field; }

Json fieldValue(const Configuration& configuration, std::string_view path)
{
    const auto read = [](const auto& slot) {
        if constexpr (std::is_same_v<std::decay_t<decltype(slot)>, ChoiceSlot>)
            return Json(slot.word);
        else
            return Json(*slot);
    };
    return std::visit(read, slotOf(rowAt(path), configuration));
}

void setField(Configuration& configuration, std::string_view path, const Json& value)
{
    const Row& row = rowAt(path);
    const Field& field = row.field;
    // Text that is no UTF-8 is shown as far as it can be; infinity, which JSON has no word for, by its own.
    const bool infinite = value.is_number_float() && !std::isfinite(value.get<double>());
    const std::string found =
        infinite ? numberText(value.get<double>()) : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    const Slot slot = row.slot(configuration);
    if (auto* const* integer = std::get_if<int*>(&slot)) {
        **integer = static_cast<int>(integerIn(field, value, found));
    } else if (auto* const* seed = std::get_if<std::uint64_t*>(&slot)) {
        **seed = static_cast<std::uint64_t>(integerIn(field, value, found));
    } else if (auto* const* real = std::get_if<double*>(&slot)) {
        const double number = value.is_number() ? value.get<double>() : NAN;
        if (!(number >= field.minimum && number <= field.maximum)) refuse(field, found, expectedText(field));
        **real = number;
    } else if (auto* const* truth = std::get_if<bool*>(&slot)) {
        if (!value.is_boolean()) refuse(field, found, expectedText(field));
        **truth = value.get<bool>();
    } else if (const auto* choice = std::get_if<ChoiceSlot>(&slot)) {
        const bool known = value.is_string() && std::find(field.choices.begin(), field.choices.end(),
                                                          value.get_ref<const std::string&>()) != field.choices.end();
        if (!known) {
            const std::string nearest =
                value.is_string() ? "; the nearest is " + nearestText(value.get<std::string>(), field.choices) : "";
            refuse(field, found, expectedText(field) + nearest);
        }
        choice->set(value.get<std::string>());
    } else {
        if (!value.is_array() || value.empty() || value.size() > field.most) refuse(field, found, expectedText(field));
        std::vector<int> list;
        for (const Json& element : value) list.push_back(static_cast<int>(integerIn(field, element, found)));
        *std::get<std::vector<int>*>(slot) = list;
    }
}

void setFieldFromText(Configuration& configuration, std::string_view path, std::string_view text)
{
    const Field& field = fieldAt(path);
    const auto number = [](std::string_view part) -> Json {
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (const auto integer = parseInteger(part)) return *integer;
        if (const auto real = parseReal(part)) return *real;
        return std::string(part);
    };
    if (field.type == Type::Boolean) {
        for (const auto& [yes, no] : {std::pair{"true", "false"}, {"yes", "no"}, {"on", "off"}, {"1", "0"}}) {
            if (text == yes || text == no) return setField(configuration, path, text == yes);
        }
        return setField(configuration, path, std::string(text)); // which says what is expected
    }
    if (field.type == Type::Choice) return setField(configuration, path, std::string(text));
    if (field.type != Type::IntegerList) return setField(configuration, path, number(text));
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    Json list = Json::array();
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        list.push_back(number(text.substr(start, comma - start)));
        start = comma + 1;
    }
    setField(configuration, path, list);
}

std::string fieldText(const Configuration& configuration, std::string_view path)
{
    const Json value = fieldValue(configuration, path);
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) return numberText(value.get<double>());
    if (!value.is_array()) return value.dump();
    std::vector<std::string> parts;
    for (const Json& element : value) parts.push_back(element.dump());
    return joined(parts, ",");
}

} // namespace latentoscope
