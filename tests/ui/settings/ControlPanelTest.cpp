#include "ui/settings/ControlPanel.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "tests/support/SmallData.h"
#include "ui/settings/FieldEditor.h"

#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QTest>
#include <QToolButton>

#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

QLineEdit& lineOf(const ControlPanel& panel, const char* path) { return *panel.findChild<QLineEdit*>(QString::fromLatin1(path)); }

void type(QLineEdit& line, const QString& text)
{
    line.selectAll();
    QTest::keyClicks(&line, text);
}

/// The words of a command line as a POSIX shell reads them.
QStringList shellWords(const std::string& command)
{
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"),
                {QStringLiteral("-c"), QStringLiteral("printf '%s\\n' ") + QString::fromStdString(command)});
    EXPECT_TRUE(shell.waitForFinished());
    return QString::fromUtf8(shell.readAllStandardOutput()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

TEST(FieldEditor, ValueOutOfRangeIsMarkedWithASentenceAndNotTakenOver)
{
    ControlPanel panel;
    const int before = panel.request().configuration.training.epochs;
    type(lineOf(panel, "training.epochs"), QStringLiteral("0"));
    const FieldEditor& editor = panel.editor("training.epochs");
    EXPECT_EQ(editor.error(), QStringLiteral("Found 0, expected a whole number from 1 to 10000"));
    EXPECT_TRUE(lineOf(panel, "training.epochs").property("invalid").toBool());
    EXPECT_FALSE(editor.findChild<QLabel*>(QStringLiteral("error:training.epochs"))->isHidden());
    EXPECT_FALSE(panel.isValid());
    EXPECT_EQ(panel.request().configuration.training.epochs, before);

    type(lineOf(panel, "training.epochs"), QStringLiteral("7"));
    EXPECT_TRUE(editor.error().isEmpty());
    EXPECT_TRUE(panel.isValid());
    EXPECT_EQ(panel.request().configuration.training.epochs, 7);
}

TEST(ControlPanel, NoCountOfParametersWhileAFieldIsWrong)
{
    ControlPanel panel;
    const QLabel& count = *panel.findChild<QLabel*>(QStringLiteral("parameterCount"));
    ASSERT_FALSE(count.text().isEmpty());
    type(lineOf(panel, "model.latent"), QStringLiteral("9999999999999"));
    EXPECT_FALSE(count.text().contains(QStringLiteral("parameters"))) << count.text().toStdString();
}

TEST(ControlPanel, AClassifierHasAsManyClassesAsTheDataUnlessAPersonWantsOthers)
{
    ControlPanel panel;
    const auto choose = [&](const char* name) { panel.setConfiguration({name, {}, presetOrFile(name)}, presetOrFile(name)); };
    const auto classes = [&] { return panel.request().configuration.model.classes; };
    auto three = std::make_shared<DataSet>(*test::smallData({8, 8, 1}, 20, 10));
    three->classNames = {"a", "b", "c"};
    choose("fine-tune");
    panel.setDataSet(three);
    EXPECT_EQ(classes(), 3);
    EXPECT_FALSE(panel.isChanged());
    EXPECT_NE(commandText(panel.request(), {}, "out").find(" --set model.classes=3 "), std::string::npos)
        << commandText(panel.request(), {}, "out");
    type(lineOf(panel, "model.classes"), QStringLiteral("5"));
    panel.setDataSet(test::smallData({8, 8, 1}, 20, 10));
    EXPECT_EQ(classes(), 5);
    panel.resetAll();
    EXPECT_EQ(classes(), 10) << "the data have ten";
    choose("report-autoencoder");
    panel.setDataSet(three);
    EXPECT_FALSE(panel.isChanged()) << "it tells no classes apart";
}

TEST(ControlPanel, LengthFollowsHowManyImagesThereAreUnlessAPersonWantsAnother)
{
    ControlPanel panel;
    const auto training = [&] { return panel.request().configuration.training; };
    const Configuration preset = presetOrFile("autoencoder");
    panel.setConfiguration({"autoencoder", {}, preset}, preset);
    panel.setDataSet(test::smallData({8, 8, 1}, 200, 10));
    EXPECT_EQ(training().batchSize, 16);
    EXPECT_EQ(training().epochs, 250);
    EXPECT_EQ(training().keep, KeptWeights::Best);
    EXPECT_FALSE(panel.isChanged());
    type(lineOf(panel, "training.epochs"), QStringLiteral("20"));
    EXPECT_TRUE(panel.isChanged());
    EXPECT_NE(commandText(panel.request(), {}, "out").find(" --set training.epochs=20 "), std::string::npos)
        << "the preset's own number, which the program would not take by itself: " << commandText(panel.request(), {}, "out");
    auto many = std::make_shared<DataSet>(*test::smallData({8, 8, 1}, 20, 10));
    many->train.labels.assign(60'000, 0);
    panel.setDataSet(many);
    EXPECT_EQ(training().batchSize, preset.training.batchSize) << "back to the preset's";
    EXPECT_EQ(training().epochs, 20);
    panel.resetAll();
    EXPECT_EQ(fieldText(panel.request().configuration, "training.learning_rate"), fieldText(preset, "training.learning_rate"));
    EXPECT_EQ(panel.request().configuration.data.validationFraction, 0);

    Configuration encoders = presetOrFile("fine-tune"); // with the sizes of a run's encoder
    encoders.model.channels = {4, 8};
    encoders.data.validationFraction = 0.3;
    panel.setConfiguration({"fine-tune-run", {}, encoders, "fine-tune"}, encoders);
    EXPECT_EQ(panel.request().configuration.model.channels, (std::vector<int>{4, 8}));
    EXPECT_EQ(panel.request().configuration.data.validationFraction, 0.3);
}

TEST(ControlPanel, ThePresetToBeginWithSuitsTheDataUnlessOneWasChosen)
{
    ControlPanel panel;
    const auto name = [&] { return panel.base().name; };
    EXPECT_EQ(name(), "report-autoencoder");
    auto reference = std::make_shared<DataSet>(*test::smallData({8, 8, 1}, 20, 10));
    reference->known = kFashionMnist;
    panel.setDataSet(test::smallData({8, 8, 3}, 20, 10));
    EXPECT_EQ(name(), "images") << "in colour";
    EXPECT_FALSE(panel.isChanged());
    panel.setDataSet(test::smallData({8, 8, 1}, 20, 10));
    EXPECT_EQ(name(), "autoencoder");
    panel.setDataSet(reference);
    EXPECT_EQ(name(), "report-autoencoder");
    panel.setConfiguration({"vae", {}, presetOrFile("vae")}, presetOrFile("vae"));
    panel.setDataSet(test::smallData({8, 8, 3}, 20, 10));
    EXPECT_EQ(name(), "vae") << "somebody chose it";
}

TEST(FieldEditor, WordsWhereANumberIsExpectedAreRefused)
{
    ControlPanel panel;
    type(lineOf(panel, "training.learning_rate"), QStringLiteral("fast"));
    EXPECT_TRUE(panel.editor("training.learning_rate").error().startsWith(QStringLiteral("Found \"fast\", expected a number")));
    EXPECT_TRUE(panel.error().startsWith(QStringLiteral("Learning rate: ")));
}

TEST(FieldEditor, UpAndDownStepNumbersAndDecades)
{
    ControlPanel panel;
    QLineEdit& latent = lineOf(panel, "model.latent");
    type(latent, QStringLiteral("2"));
    QTest::keyClick(&latent, Qt::Key_Up);
    EXPECT_EQ(latent.text(), QStringLiteral("3"));
    QLineEdit& rate = lineOf(panel, "training.learning_rate");
    type(rate, QStringLiteral("0.001"));
    QTest::keyClick(&rate, Qt::Key_Up);
    EXPECT_EQ(rate.text(), QStringLiteral("0.002"));
    QTest::keyClick(&rate, Qt::Key_Down);
    QTest::keyClick(&rate, Qt::Key_Down);
    EXPECT_EQ(rate.text(), QStringLiteral("0.0005"));
}

TEST(ControlPanel, NetworkTooDeepForTheImagesIsToldAtItsField)
{
    ControlPanel panel;
    panel.setDataSet(test::smallData({8, 8, 1}, 20, 10));
    type(lineOf(panel, "model.padding"), QStringLiteral("0"));
    EXPECT_FALSE(panel.isValid());
    bool told = false;
    for (const Field& field : fields()) told = told || !panel.editor(field.path).error().isEmpty();
    EXPECT_TRUE(told) << panel.error().toStdString();
}

TEST(ControlPanel, ResetOfASectionLeavesTheOthers)
{
    ControlPanel panel;
    const Configuration base = panel.base().configuration;
    type(lineOf(panel, "model.hidden"), QStringLiteral("99"));
    type(lineOf(panel, "training.epochs"), QStringLiteral("3"));
    auto* reset = panel.findChild<QToolButton*>(QStringLiteral("reset:model"));
    EXPECT_FALSE(reset->isHidden());
    reset->click();
    EXPECT_EQ(panel.request().configuration.model.hidden, base.model.hidden);
    EXPECT_EQ(panel.request().configuration.training.epochs, 3);
    panel.resetAll();
    EXPECT_FALSE(panel.isChanged());
}

TEST(CommandText, SetsOfTheCommandGiveTheSameConfigurationBack)
{
    ControlPanel panel;
    type(lineOf(panel, "training.epochs"), QStringLiteral("3"));
    type(lineOf(panel, "model.channels"), QStringLiteral("4,8"));
    type(lineOf(panel, "training.learning_rate"), QStringLiteral("1e-3"));
    panel.setDataFolder("/some/folder with 'quotes'");
    panel.setThreads(2);
    panel.setDevice("cpu");
    const TrainingRequest request = panel.request();
    const QStringList words = shellWords(commandText(request, {}, "/runs/a b"));

    ASSERT_GE(words.size(), 4);
    EXPECT_EQ(words.mid(0, 4), QStringList({QStringLiteral("latentoscope"), QStringLiteral("train"), QStringLiteral("--preset"),
                                            QStringLiteral("report-autoencoder")}));
    Configuration read = presetOrFile(words[3].toStdString());
    for (qsizetype i = 4; i + 1 < words.size(); i += 2) {
        if (words[i] != QStringLiteral("--set")) continue;
        const QString set = words[i + 1];
        setFieldFromText(read, set.section(QLatin1Char('='), 0, 0).toStdString(), set.section(QLatin1Char('='), 1).toStdString());
    }
    for (const Field& field : fields())
        EXPECT_EQ(fieldText(read, field.path), fieldText(request.configuration, field.path)) << field.path;
    EXPECT_EQ(words.value(words.indexOf(QStringLiteral("--data")) + 1), QStringLiteral("/some/folder with 'quotes'"));
    EXPECT_EQ(words.value(words.indexOf(QStringLiteral("--threads")) + 1), QStringLiteral("2"));
    EXPECT_EQ(words.value(words.indexOf(QStringLiteral("--device")) + 1), QStringLiteral("cpu"));
    EXPECT_EQ(words.value(words.indexOf(QStringLiteral("--out")) + 1), QStringLiteral("/runs/a b"));
}

TEST(CommandText, UnchangedPresetNeedsNoSets)
{
    const ControlPanel panel;
    EXPECT_EQ(commandText(panel.request(), {}, "run"), "latentoscope train --preset report-autoencoder --out run");
}

TEST(CommandText, AnEncodersRunMakesItFineTuneAndSaysNothingOfItsSizes)
{
    TrainingRequest request;
    Configuration configuration = presetOrFile("fine-tune");
    configuration.model.latent = 7; // the encoder's
    request.base = {"fine-tune-ae", {}, configuration, "fine-tune"};
    configuration.training.epochs = 3;
    request.configuration = configuration;
    EXPECT_EQ(commandText(request, "/runs/a e", "out"),
              "latentoscope fine-tune '/runs/a e' --preset fine-tune --set training.epochs=3 --out out");
    EXPECT_EQ(commandText(request, {}, "out"),
              "latentoscope train --preset fine-tune --set model.latent=7 --set training.epochs=3 --out out");
}

TEST(CommandText, OfFoldsSaysWhatTheyDecideAndNothingElse)
{
    TrainingRequest request;
    Configuration configuration = presetOrFile("fine-tune");
    request.base = {"fine-tune", {}, configuration};
    configuration.data.validationFraction = 0.3;
    configuration.model.hidden = 9;
    configuration.training.epochs = 3;
    request.configuration = configuration;
    const std::string head = "latentoscope cross-validate --folds 5";
    EXPECT_EQ(foldsCommandText(request, {5}, "out"),
              head + " --preset fine-tune --set model.hidden=9 --set training.epochs=3 --out out");
    EXPECT_EQ(foldsCommandText(request, {5, "/runs/ae"}, "out"),
              head + " --encoder /runs/ae --preset fine-tune --set training.epochs=3 --out out");
    EXPECT_EQ(foldsCommandText(request, {5, {}, "report-autoencoder"}, "out"),
              head + " --pretrain report-autoencoder --preset fine-tune --set training.epochs=3 --out out");
}

} // namespace
} // namespace latentoscope::ui
