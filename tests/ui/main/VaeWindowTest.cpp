// What the window shows of a variational auto-encoder beside what it shows of any network.
#include "core/figures/FigureCsv.h"
#include "core/figures/Grid.h"
#include "tests/ui/FigureSamples.h"
#include "tests/ui/WindowFixture.h"
#include "ui/common/PanelHeader.h"
#include "ui/figures/Export.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/SamplesView.h"
#include "ui/latent/ScatterView.h"
#include "ui/training/DimensionsView.h"
#include "ui/training/LossView.h"
#include "ui/training/ReconstructionsView.h"

#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QSignalSpy>
#include <QToolButton>

#include <algorithm>

namespace latentoscope::ui {
namespace {

EpochMetrics vaeEpoch(int epoch)
{
    EpochMetrics metrics;
    metrics.epoch = epoch;
    for (const auto& [name, value] : std::vector<std::pair<std::string, double>>{
             {"negative_elbo", 250.0 / epoch}, {"kl", 3}, {"kl_0", 2.5}, {"kl_1", 0.001}, {"kl_2", 0.5}})
        metrics.values.push_back({"train", name, value});
    metrics.values.push_back({"validation", "active_units", 2});
    return metrics;
}

std::vector<Measure> vaeMeasures()
{
    ModelOptions options;
    options.kind = "vae";
    options.likelihood = PixelLikelihood::Bernoulli;
    options.latent = 3;
    return measuresOf(options, {8, 8, 1});
}

Samples threeSamples()
{
    Samples samples;
    samples.shape = {8, 8, 1};
    samples.dimension = 2;
    samples.codes = {1, 2, 3, 4, 5, 6};
    samples.images.assign(192, 90);
    return samples;
}

} // namespace

TEST(DimensionsView, ShowsABarForEachDimensionOfTheEpochLookedAt)
{
    DimensionsView view;
    EXPECT_FALSE(view.hasFigure());
    view.append({vaeEpoch(1), vaeEpoch(2)});
    auto figure = std::get<BarsFigure>(view.figure());
    EXPECT_EQ(figure.names, (std::vector<std::string>{"z0", "z1", "z2"}));
    EXPECT_EQ(figure.values, (std::vector<double>{2.5, 0.001, 0.5}));
    EXPECT_EQ(figure.marked, (std::vector<std::uint8_t>{1, 0, 1}));
    EXPECT_NE(figure.title.find("epoch 2"), std::string::npos);
    EXPECT_EQ(view.header().subtitle(), QStringLiteral("3.00 nats per image · 2 of 3 units active"));
    EpochMetrics unheld = vaeEpoch(3);
    unheld.values.pop_back();
    view.append({unheld});
    EXPECT_EQ(view.header().subtitle(), QStringLiteral("3.00 nats per image")) << "with nothing held out, none are counted";
    view.setMarkerEpoch(1);
    EXPECT_NE(std::get<BarsFigure>(view.figure()).title.find("epoch 1"), std::string::npos);
    EXPECT_EQ(figureCsv(view.figure()), "name,value,informative\nz0,2.5,1\nz1,0.001,0\nz2,0.5,1\n");
    view.clear();
    EXPECT_FALSE(view.hasFigure());
    view.append({test::epochMetrics(1, 0.1, 0.1)});
    EXPECT_FALSE(view.hasFigure()) << "an auto-encoder has no divergence";
}

TEST(LossView, ShowsAnyPartOfTheLossAndRemembersTheChoice)
{
    LossView view;
    view.setMeasures(vaeMeasures());
    view.append(std::vector<LossPoint>{{0.5, 300, {290, 10, 0.1F}}, {1, 260, {240, 20, 0.05F}}});
    view.append(std::vector<EpochMetrics>{vaeEpoch(1)});
    const auto shown = [&] { return std::get<CurvesFigure>(view.figure()); };
    EXPECT_EQ(shown().curves.front().y, (std::vector<double>{300, 260}));
    view.showMeasure("kl");
    EXPECT_EQ(shown().curves.front().y, (std::vector<double>{10, 20}));
    EXPECT_EQ(shown().yTitle, "KL (nats/image)");
    view.showMeasure("kl_1"); // known an epoch only
    ASSERT_EQ(shown().curves.size(), 1U);
    EXPECT_EQ(shown().curves.front().y, (std::vector<double>{0.001}));
    view.setMeasures(vaeMeasures());
    EXPECT_EQ(shown().yTitle, "KL of z1 (nats/image)");
    view.setMeasures({{"mse", "MSE", "a pixel", 64}});
    EXPECT_EQ(shown().yTitle, "MSE a pixel");
}

TEST(LossView, ShowsWhatIsMinimizedUnlessAPersonHasChosenOtherwise)
{
    LossView view;
    view.setMeasures({{"mse", "MSE", "a pixel", 64}});
    view.append({test::epochMetrics(1, 0.1, 0.1)});
    EXPECT_EQ(view.scale(), AxisScale::Logarithmic);
    view.setMeasures(vaeMeasures()); // which has an MSE, too
    EXPECT_EQ(std::get<CurvesFigure>(view.figure()).yTitle, "BCE + KL (nats/image)");
    view.setMeasures({{"nll", "NLL", "nats/image"}, {"accuracy", "Accuracy", "%", 1, false}});
    view.showMeasure("accuracy");
    EXPECT_EQ(view.scale(), AxisScale::Linear) << "an accuracy has even steps";
    view.showMeasure("nll");
    EXPECT_EQ(view.scale(), AxisScale::Logarithmic);
}

TEST(ReconstructionsView, ShowsOutputsOfSamplesWhereThereAreAny)
{
    ReconstructionsView view;
    auto reconstructions = sampleReconstructions();
    view.setReconstructions(reconstructions);
    auto* button = view.findChild<QToolButton*>(QStringLiteral("reconstructionsSample"));
    EXPECT_TRUE(button->isHidden());
    auto sampled = sampleReconstructions();
    sampled->samples.assign(128, 77);
    view.setReconstructions(sampled);
    EXPECT_FALSE(button->isHidden());
    view.setGrid(1, 2);
    auto figure = std::get<ReconstructionsFigure>(view.figure());
    EXPECT_EQ(figure.lines(), (std::vector<GridLine>{GridLine::Input, GridLine::Output, GridLine::Sample}));
    EXPECT_EQ(linePixels(*sampled, 1, GridLine::Sample), std::vector<std::uint8_t>(64, 77));
    EXPECT_EQ(composeReconstructions(figure, 1).height, 3 * 8 + 2 * 2);
    EXPECT_NE(figureCsv(figure).find("sample,77,"), std::string::npos);
    button->click();
    EXPECT_EQ(std::get<ReconstructionsFigure>(view.figure()).lines().size(), 2U);
}

TEST(ScatterScene, TellsThePosteriorsSpreadInTheShownDimensions)
{
    ScatterScene scene;
    const auto codes = sampleCodes(3);
    codes->deviations.resize(codes->values.size());
    for (std::size_t i = 0; i < codes->deviations.size(); ++i) codes->deviations[i] = 0.1F * static_cast<float>(i);
    scene.setCodes(codes);
    scene.setDimensions(2, 0);
    const auto spread = scene.spreadOf(1);
    ASSERT_TRUE(spread);
    EXPECT_DOUBLE_EQ(spread->x, 21);
    EXPECT_DOUBLE_EQ(spread->y, -1);
    EXPECT_NEAR(spread->deviationX, 0.5, 1e-6);
    EXPECT_NEAR(spread->deviationY, 0.3, 1e-6);
    EXPECT_FALSE(scene.spreadOf(-1));
    EXPECT_FALSE(scene.spreadOf(6));
    scene.setCodes(sampleCodes(3));
    EXPECT_FALSE(scene.spreadOf(1)) << "no posterior, no spread";
}

TEST(SamplesView, AsksForOthersAndGivesTheCodeThatIsClicked)
{
    SamplesView view;
    view.resize(500, 220);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    view.setSamples(threeSamples());
    ASSERT_TRUE(QTest::qWaitFor([&] { return view.request().count > 24; })) << "as many as there is room for";
    QSignalSpy asked(&view, &SamplesView::requestChanged);
    view.findChild<QToolButton*>(QStringLiteral("samplesAnew"))->click();
    view.findChild<QDoubleSpinBox*>(QStringLiteral("samplesTemperature"))->setValue(0.5);
    EXPECT_EQ(asked.size(), 2);
    EXPECT_EQ(view.request().seed, 1U);
    EXPECT_EQ(view.request().temperature, 0.5);
    std::vector<float> chosen;
    QObject::connect(&view, &SamplesView::codeChosen, &view, [&](const std::vector<float>& code) { chosen = code; });
    QTest::mouseClick(view.findChild<QWidget*>(QStringLiteral("samplesCanvas")), Qt::LeftButton, {}, QPoint(16, 6));
    EXPECT_EQ(chosen, (std::vector<float>{1, 2}));
    const auto figure = std::get<SamplesFigure>(view.figure());
    EXPECT_TRUE(figureCsv(figure).starts_with("z0,z1,p0,"));
    EXPECT_NE(figureCsv(figure).find("\n3,4,90,"), std::string::npos);
    EXPECT_FALSE(renderImage(figure, naturalSize(figure), 1).isNull());
    view.setSamples(std::nullopt);
    EXPECT_FALSE(view.hasFigure());
}

TEST(SamplesView, OffersThePriorOnlyWhereThereIsOneAndKeepsWhatWasChosen)
{
    SamplesView view;
    auto* sources = view.findChild<QComboBox*>(QStringLiteral("samplesSource"));
    auto* densities = view.findChild<QComboBox*>(QStringLiteral("samplesDensity"));
    view.setSources({"Shoe", "Bag"}, SamplesView::OwnPrior::Yes);
    EXPECT_EQ(sources->count(), 4);
    EXPECT_EQ(view.request().from, SamplesRequest::Prior);
    EXPECT_TRUE(densities->isHidden());
    sources->setCurrentIndex(3);
    EXPECT_EQ(view.request().from, 1);
    EXPECT_FALSE(densities->isHidden());
    view.setSources({"Shoe", "Bag"}, SamplesView::OwnPrior::No);
    EXPECT_EQ(sources->count(), 3);
    EXPECT_EQ(view.request().from, 1) << "the Bag, as before";
    view.setSources({"Shoe"}, SamplesView::OwnPrior::No);
    EXPECT_EQ(view.request().from, SamplesRequest::AllClasses);
    densities->setCurrentIndex(0);
    EXPECT_EQ(view.request().density, Density::Gaussian);
}

TEST(SamplesFigure, NamesItsColumnsWhereTheyAreClasses)
{
    SamplesFigure figure;
    figure.shape = {1, 1, 1};
    figure.columns = 3;
    figure.pixels.assign(6, 0);
    figure.labels = {0, 1, 2, 0, 1, 2};
    EXPECT_TRUE(figure.classesAreColumns());
    figure.labels = {0, 0, 1, 0, 0, 1};
    EXPECT_FALSE(figure.classesAreColumns());
    figure.labels = {0, 1, 2, 0, 2, 1};
    EXPECT_FALSE(figure.classesAreColumns());
    figure.labels.clear();
    EXPECT_FALSE(figure.classesAreColumns());
}

TEST_F(WindowTest, ClassesAreSampledWhereThePanelIsSeen)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    EXPECT_FALSE(window.samples().hasFigure()) << "behind another tab nothing is computed";
    for (QDockWidget* dock : window.findChildren<QDockWidget*>(QStringLiteral("samplesDock"))) dock->raise();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.samples().hasFigure() && window.isSettled(); }, kPatienceMs));
    const auto all = std::get<SamplesFigure>(window.samples().figure());
    EXPECT_TRUE(all.classesAreColumns());
    EXPECT_EQ(all.columns, 10);
    EXPECT_FALSE(renderImage(all, naturalSize(all), 1).isNull());
    auto* sources = window.findChild<QComboBox*>(QStringLiteral("samplesSource"));
    sources->setCurrentIndex(sources->findText(QString::fromStdString(window.controller().run().classNames[3])));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    const auto one = std::get<SamplesFigure>(window.samples().figure());
    ASSERT_FALSE(one.labels.empty());
    EXPECT_TRUE(std::all_of(one.labels.begin(), one.labels.end(), [](Label label) { return label == 3; }));
    EXPECT_NE(one.title.find(window.controller().run().classNames[3]), std::string::npos) << one.title;
}

TEST_F(WindowTest, AVaeIsTrainedAndShownInAllItsViews)
{
    MainWindow& window = open();
    Configuration configuration = tiny(3);
    configuration.model.kind = "vae";
    configuration.model.likelihood = PixelLikelihood::Bernoulli;
    configuration.model.latent = 3;
    window.controls().setConfiguration({"vae", {}, configuration}, configuration);
    window.train();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished; }, kPatienceMs));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.samples().hasFigure() && window.isSettled(); }, kPatienceMs));
    EXPECT_EQ(std::get<BarsFigure>(window.dimensions().figure()).names.size(), 3U);
    EXPECT_TRUE(std::get<ReconstructionsFigure>(window.reconstructions().figure()).reconstructions->samples.size() > 0);
    EXPECT_TRUE(window.scatter().scene().spreadOf(0));
    const std::filesystem::path run = m_request.runsFolder / "vae";
    for (const char* file : {"figures/kl.pdf", "figures/samples.png", "figures/samples.csv"})
        EXPECT_TRUE(std::filesystem::exists(run / file)) << file;
    // An auto-encoder after it has no prior, and its classes are sampled where the panel is seen.
    trainToTheEnd(window, 1);
    EXPECT_FALSE(window.samples().hasFigure());
    EXPECT_FALSE(window.dimensions().hasFigure());
    EXPECT_TRUE(window.loss().hasFigure());
}

} // namespace latentoscope::ui
