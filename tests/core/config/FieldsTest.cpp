#include "core/config/Fields.h"

#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Text.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Kind.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <clocale>

namespace latentoscope {
namespace {

std::string sentence(const std::string& path, const std::string& text)
{
    Configuration configuration;
    try {
        setFieldFromText(configuration, path, text);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::InvalidArgument);
        return error.what();
    }
    return "no error";
}

} // namespace

TEST(Fields, UnknownOnesNameTheNearest)
{
    EXPECT_EQ(sentence("training.epoch", "3"), "training.epoch: no such field; the nearest one is training.epochs");
    EXPECT_EQ(sentence("model.latnet", "3"), "model.latnet: no such field; the nearest one is model.latent");
}

TEST(Fields, WrongTypesAndRangesAreRefused)
{
    EXPECT_EQ(sentence("training.epochs", "three"), "training.epochs: found \"three\", expected a whole number from 1 to 10000");
    EXPECT_EQ(sentence("training.epochs", "2.5"), "training.epochs: found 2.5, expected a whole number from 1 to 10000");
    EXPECT_EQ(sentence("training.epochs", "0"), "training.epochs: found 0, expected a whole number from 1 to 10000");
    EXPECT_EQ(sentence("training.learning_rate", "nan"), "training.learning_rate: found nan, expected a number from 1e-08 to 10");
    EXPECT_EQ(sentence("training.optimizer", "adamm"),
              "training.optimizer: found \"adamm\", expected one of adam, adamw, sgd, rmsprop; the nearest is adam");
    EXPECT_EQ(sentence("model.channels", "8,x"),
              "model.channels: found [8,\"x\"], expected a list of 1 to 6 whole numbers from 1 to 1024, such as 8,16,32");
    EXPECT_EQ(sentence("model.channels", ""),
              "model.channels: found [\"\"], expected a list of 1 to 6 whole numbers from 1 to 1024, such as 8,16,32");
}

TEST(Fields, EveryTextReadsBackAsTheSameValue)
{
    for (const Preset& preset : presets()) {
        Configuration copy;
        for (const Field& field : fields()) setFieldFromText(copy, field.path, fieldText(preset.configuration, field.path));
        EXPECT_EQ(toJson(copy), toJson(preset.configuration)) << preset.name;
    }
}

TEST(Fields, DefaultsLieInTheirRangesAndEveryFieldIsExplained)
{
    const Configuration defaults;
    for (const Field& field : fields()) {
        Configuration copy;
        EXPECT_NO_THROW(setField(copy, field.path, fieldValue(defaults, field.path))) << field.path;
        EXPECT_FALSE(field.label.empty()) << field.path;
        EXPECT_FALSE(field.help.empty()) << field.path;
    }
}

TEST(Configuration, RoundTripsThroughJson)
{
    Configuration configuration;
    configuration.model.channels = {4, 8};
    configuration.training.learningRate = 0.02;
    configuration.data.seed = 9007199254740991ULL;
    const Configuration read = configurationFromJson(nlohmann::json::parse(toJson(configuration).dump()));
    EXPECT_EQ(toJson(read), toJson(configuration));
    EXPECT_EQ(read.data.seed, 9007199254740991ULL);
}

TEST(Configuration, FileErrorsNameTheFile)
{
    const test::TemporaryFolder folder;
    const auto sentenceOf = [&](const std::string& text) {
        test::writeBytes(folder / "c.json", text);
        try {
            readConfiguration(folder / "c.json");
        } catch (const Error& error) {
            return std::string(error.what()).substr((folder / "c.json").string().size());
        }
        return std::string("no error");
    };
    EXPECT_EQ(sentenceOf("{"), ": is not valid JSON at byte 2, expected a configuration object");
    EXPECT_EQ(sentenceOf("[]"), ": found array, expected an object with data, model and training");
    EXPECT_EQ(sentenceOf(R"({"modle": {}})"), ": modle: no such section; the nearest one is model");
    EXPECT_EQ(sentenceOf(R"({"model": {"latent": "two"}})"),
              ": model.latent: found \"two\", expected a whole number from 1 to 1024");
}

TEST(Presets, ReportAutoencoderIsTheReportsTables)
{
    const Configuration report = presetOrFile("report-autoencoder");
    EXPECT_EQ(report.data.validationFraction, 0);
    EXPECT_EQ(report.model.channels, (std::vector<int>{8, 16, 32}));
    EXPECT_EQ(report.model.kernel, 3);
    EXPECT_EQ(report.model.stride, 2);
    EXPECT_EQ(report.model.padding, 1);
    EXPECT_EQ(report.model.hidden, 64);
    EXPECT_EQ(report.model.latent, 2);
    EXPECT_EQ(report.training.epochs, 10);
    EXPECT_EQ(report.training.batchSize, 256);
    EXPECT_EQ(report.training.optimizer, OptimizerRule::Adam);
    EXPECT_EQ(report.training.learningRate, 5e-4);
    EXPECT_EQ(report.training.weightDecay, 1e-5);
}

TEST(Presets, UnknownNamesListTheKnown)
{
    try {
        presetOrFile("report-autoencodr");
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("the nearest is report-autoencoder"), std::string::npos) << error.what();
    }
}

TEST(Text, NumbersAreThoseOfTheCLocaleEverywhere)
{
    // What a window does whose desktop is German; where the locale is not installed the call changes nothing.
    for (const char* name : {"de_DE.UTF-8", "C"}) {
        std::setlocale(LC_ALL, name);
        EXPECT_EQ(fixedText(1234.565, 2), "1234.57"); // 1234.565 is a little more in binary
        EXPECT_EQ(fixedText(0.5, 0), "0");
        EXPECT_EQ(roundedText(0.000012345, 3), "1.23e-05");
        EXPECT_EQ(roundedText(0.25, 6), "0.25");
        EXPECT_EQ(numberText(0.1), "0.1");
        EXPECT_EQ(parseReal("0.5"), 0.5);
        EXPECT_FALSE(parseReal("0,5"));
        EXPECT_FALSE(parseReal("+-5"));
    }
    std::setlocale(LC_ALL, "C");
}

TEST(Text, JsonThatNestsTooDeepIsNoJson)
{
    const std::string deep(200'000, '[');
    EXPECT_TRUE(nestsTooDeep(deep));
    EXPECT_TRUE(parsedJson<nlohmann::json>(deep + std::string(200'000, ']')).is_discarded());
    EXPECT_FALSE(nestsTooDeep(R"({"text": "[[[[[[[[[ \" [[["})"));
    const test::TemporaryFolder folder;
    test::writeBytes(folder / "config.json", R"({"training": {"epochs": )" + deep + std::string(200'000, ']') + "}}");
    try {
        readConfiguration(folder / "config.json");
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("nests deeper than 200"), std::string::npos) << error.what();
    }
}

TEST(Text, NamesThatNoJsonCanHoldAreRefusedByName)
{
    requireUtf8("Größe \n 图", "--out");
    try {
        requireUtf8("alt\xFF", "the data folder");
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("the data folder: found the name alt?"), std::string::npos) << error.what();
    }
    for (const char* bad : {"\xC3", "\xE2\x82", "\x80", "\xF5\x80\x80\x80", "\xC0\xAF"})
        EXPECT_THROW(requireUtf8(bad, "x"), Error) << bad;
}

TEST(Text, NumbersGroupAndDurationsRead)
{
    EXPECT_EQ(groupedText(60000), "60,000");
    EXPECT_EQ(groupedText(-1234567), "-1,234,567");
    EXPECT_EQ(groupedText(999), "999");
    EXPECT_EQ(durationText(3.4), "3 s");
    EXPECT_EQ(durationText(125), "2 min 05 s");
    EXPECT_EQ(durationText(3840), "1 h 04 min");
    EXPECT_EQ(numberText(0.0005), "0.0005");
}

TEST(Fields, MeanNothingWhereTheirConfigurationHasNoUseForThem)
{
    Configuration configuration;
    EXPECT_FALSE(applies(fieldAt("training.momentum"), configuration));
    configuration.training.optimizer = OptimizerRule::Sgd;
    EXPECT_TRUE(applies(fieldAt("training.momentum"), configuration));
    EXPECT_TRUE(applies(fieldAt("training.learning_rate"), configuration));
}

TEST(Fields, SectionsStandInTheirOrder)
{
    EXPECT_EQ(sections(), (std::vector<std::string>{"data", "model", "training"}));
    EXPECT_EQ(fieldAt("training.seed").section(), "training");
}

TEST(Fields, EveryLogarithmicOneHasARangeToSearch)
{
    for (const Field& field : fields()) {
        if (field.scale == Field::Scale::Logarithmic) {
            EXPECT_GT(std::max(field.minimum, field.searchMinimum), 0) << field.path;
        }
    }
}

TEST(Fields, SuggestOnlyWhatIsNear)
{
    const auto said = [](const char* path) {
        Configuration configuration;
        try {
            setFieldFromText(configuration, path, "3");
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_EQ(said("epochs"), "epochs: no such field; the nearest one is training.epochs");
    EXPECT_EQ(said("model.learning_rate"), "model.learning_rate: no such field; the nearest one is training.learning_rate");
    EXPECT_EQ(said("training.epoch"), "training.epoch: no such field; the nearest one is training.epochs");
    EXPECT_EQ(said("frobnicate").find("nearest"), std::string::npos) << said("frobnicate");
}

TEST(Fields, InfinityAndTextThatIsNoUtf8AreNamedAsFound)
{
    Configuration configuration;
    const auto said = [&](const char* path, const std::string& text) {
        try {
            setFieldFromText(configuration, path, text);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_NE(said("training.learning_rate", "inf").find("found inf, expected"), std::string::npos)
        << said("training.learning_rate", "inf");
    EXPECT_TRUE(said("training.optimizer", "a\xff"
                                           "d")
                    .starts_with("training.optimizer: found \"a"))
        << said("training.optimizer", "a\xff"
                                      "d");
    EXPECT_NE(said("training.seed", "-1").find("found -1"), std::string::npos) << said("training.seed", "-1");
}

TEST(Configuration, AKeyThatStandsTwiceIsRefused)
{
    const test::TemporaryFolder folder;
    test::writeBytes(folder / "c.json", R"({"training": {"epochs": 3, "epochs": 4}})");
    try {
        readConfiguration(folder / "c.json");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()),
                  (folder / "c.json").string() + ": the key \"epochs\" stands twice in one object, expected it once");
    }
}

TEST(Configuration, ATooLargeNumberNamesTheFile)
{
    const test::TemporaryFolder folder;
    test::writeBytes(folder / "c.json", R"({"training": {"learning_rate": 1e400}})");
    try {
        readConfiguration(folder / "c.json");
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("c.json: holds a number that is too large"), std::string::npos) << error.what();
    }
}

TEST(Configuration, FieldsOfANewerProgramArePassedOverInItsRunsAlone)
{
    const test::TemporaryFolder folder;
    test::writeBytes(folder / "c.json", R"({"training": {"epochs": 3, "warp": 9}, "future": {"x": 1}})");
    EXPECT_THROW(readConfiguration(folder / "c.json"), Error);
    EXPECT_EQ(readConfiguration(folder / "c.json", Unknown::PassOver).training.epochs, 3);
}

TEST(Fields, TruthValuesAreTakenAsPeopleWriteThem)
{
    Configuration configuration;
    for (const char* yes : {"true", "yes", "on", "1"}) {
        configuration.training.flip = false;
        setFieldFromText(configuration, "training.flip", yes);
        EXPECT_TRUE(configuration.training.flip) << yes;
        EXPECT_EQ(fieldText(configuration, "training.flip"), "true");
    }
    for (const char* no : {"false", "no", "off", "0"}) {
        configuration.training.flip = true;
        setFieldFromText(configuration, "training.flip", no);
        EXPECT_FALSE(configuration.training.flip) << no;
    }
    EXPECT_EQ(sentence("training.flip", "maybe"), "training.flip: found \"maybe\", expected true or false");
    EXPECT_EQ(sentence("model.beta", "-1"), "model.beta: found -1, expected a number from 0 to 1000");
    EXPECT_EQ(sentence("model.kind", "vea"),
              "model.kind: found \"vea\", expected one of autoencoder, vae, classifier; the nearest is vae");
    EXPECT_EQ(sentence("model.likelihood", "poisson").substr(0, 72),
              "model.likelihood: found \"poisson\", expected one of gaussian, bernoulli; ");
}

TEST(Fields, OfAnotherKindOfNetworkMeanNothing)
{
    Configuration configuration;
    EXPECT_FALSE(applies(fieldAt("model.beta"), configuration));
    configuration.model.kind = "vae";
    EXPECT_TRUE(applies(fieldAt("model.beta"), configuration));
    EXPECT_TRUE(applies(fieldAt("training.warmup"), configuration));
    configuration.training.schedule = LearningRateSchedule::OneCycle;
    EXPECT_FALSE(applies(fieldAt("training.warmup"), configuration));
}

TEST(Presets, ReportVaeIsTheReportsTable)
{
    const Configuration report = presetOrFile("report-vae");
    EXPECT_EQ(report.model.kind, "vae");
    EXPECT_EQ(report.model.hidden, 64);
    EXPECT_EQ(report.model.latent, 10);
    EXPECT_EQ(report.model.initialWeights, WeightInitialisation::Kaiming);
    EXPECT_EQ(report.model.likelihood, PixelLikelihood::Bernoulli);
    EXPECT_EQ(report.model.beta, 1);
    EXPECT_EQ(report.training.epochs, 20);
    EXPECT_EQ(report.training.learningRate, 1e-3);
    EXPECT_EQ(report.training.weightDecay, 1e-5);
    EXPECT_EQ(parameterCount(parameterLayout(report.model, {28, 28, 1})), 79'861U);
}

} // namespace latentoscope
