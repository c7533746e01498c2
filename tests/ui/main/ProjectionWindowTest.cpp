// Projections in the window: asked for, seen to form, paused, changed, stopped; clicks decode all the while.
#include "core/models/FrozenModel.h"
#include "tests/ui/FigureSamples.h"
#include "tests/ui/WindowFixture.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ProjectionPresenter.h"
#include "ui/latent/ScatterView.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

#include <cmath>
#include <limits>
#include <numeric>

namespace latentoscope::ui {
namespace {

/// The place of the map next to its middle around which there is no point: a click on one takes that point's code. Where the
/// middle and the points are depends on the sizes of fonts.
QPoint besideEveryPoint(ScatterView& scatter)
{
    constexpr double kBeyondReach = 10; // pixels; more than a click reaches
    QCustomPlot& plot = scatter.plot();
    const QRect area = plot.axisRect()->rect();
    const PixelScale scale{area.width() / plot.xAxis->range().size(), area.height() / plot.yAxis->range().size()};
    for (int away = 0; away < area.height() / 2; ++away) {
        const QPoint at = area.center() + QPoint(away, -away / 2);
        if (scatter.scene().rowNear(plot.xAxis->pixelToCoord(at.x()), plot.yAxis->pixelToCoord(at.y()), scale, kBeyondReach) < 0)
            return at;
    }
    ADD_FAILURE() << "points everywhere";
    return area.center();
}

class ProjectionWindowTest : public WindowTest {
protected:
    /// More images than elsewhere, so that a t-SNE takes long enough to be paused.
    void useManyImages()
    {
        std::filesystem::create_directories(m_folder / "many");
        test::writeIdxFolder(m_folder / "many", *test::smallData({8, 8, 1}, 4000, 500), test::Compression::None);
        m_request.dataFolder = m_folder / "many";
    }

    MainWindow& trained(int latent)
    {
        MainWindow& window = open();
        Configuration configuration = tiny(1);
        configuration.model.latent = latent;
        window.controls().setConfiguration({"tiny", {}, configuration}, configuration);
        window.train();
        EXPECT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished && window.isSettled(); },
                                    kPatienceMs));
        return window;
    }

    QPushButton& button(const char* name)
    {
        return *m_window->projectionLink().bar().findChild<QPushButton*>(QLatin1String(name));
    }
    QDoubleSpinBox& box(const char* name)
    {
        return *m_window->projectionLink().bar().findChild<QDoubleSpinBox*>(QLatin1String(name));
    }
    QComboBox& codesBox() { return *m_window->projectionLink().bar().findChild<QComboBox*>(); }
    bool reaches(ProjectionState state)
    {
        return QTest::qWaitFor(
            [&] {
                const auto& news = m_window->projectionLink().news();
                return news && news->state == state;
            },
            kPatienceMs);
    }
};

TEST(ProjectionBar, WrapsWithoutCoveringOrCutting)
{
    ProjectionBar bar;
    bar.setCounts(10'000, 70'000);
    ProjectionNews news;
    news.stage = "t-SNE";
    bar.setNews(news);
    EXPECT_GT(bar.heightForWidth(380), bar.heightForWidth(1200));
    for (const int width : {380, 600, 1200}) {
        bar.resize(width, bar.heightForWidth(width));
        bar.show();
        QTest::qWait(1);
        std::vector<QRect> places;
        for (const auto* child : bar.findChildren<QWidget*>(QRegularExpression(QStringLiteral("^projection")))) {
            if (!child->isVisible()) continue;
            const QRect place(child->mapTo(&bar, QPoint()), child->size());
            EXPECT_TRUE(bar.rect().contains(place)) << child->objectName().toStdString() << " at " << width;
            for (const QRect& other : places) EXPECT_FALSE(other.intersects(place)) << width;
            places.push_back(place);
        }
        EXPECT_EQ(places.size(), 8U) << "codes, two settings, three buttons, progress, words";
    }
    // Nothing jumps when a picture begins to form, or has formed.
    const int forming = bar.heightForWidth(1200);
    bar.setNews({});
    EXPECT_EQ(bar.heightForWidth(1200), forming);
}

TEST_F(ProjectionWindowTest, PcaIsShownAtOnceAndGoesBothWays)
{
    MainWindow& window = trained(4);
    window.projectionLink().setMethod(ProjectionMethod::Pca);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.scatter().scene().picture().has_value(); }, kPatienceMs));
    const auto figure = std::get<ScatterFigure>(window.scatter().figure());
    EXPECT_EQ(figure.title.substr(0, 3), "PCA");
    EXPECT_EQ(figure.xTitle.substr(0, 6), "PC 1 (");
    EXPECT_NEAR(std::accumulate(figure.x.begin(), figure.x.end(), 0.0) / static_cast<double>(figure.x.size()), 0, 1e-4);
    // A click decodes the place, and the marker stays where the click was.
    QCustomPlot& plot = window.scatter().plot();
    const QPoint at = besideEveryPoint(window.scatter());
    const Place clicked{plot.xAxis->pixelToCoord(at.x()), plot.yAxis->pixelToCoord(at.y())}; // axes may move with their labels
    QTest::mouseClick(&plot, Qt::LeftButton, {}, at);
    ASSERT_EQ(window.scatter().probe().size(), 4U);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.probe().hasFigure(); }, kPatienceMs));
    const Place place = window.scatter().scene().placeOf(window.scatter().probe());
    EXPECT_NEAR(place[0], clicked[0], 1e-5);
    EXPECT_NEAR(place[1], clicked[1], 1e-5);
    window.projectionLink().setMethod(ProjectionMethod::Codes);
    EXPECT_FALSE(window.scatter().scene().picture());
    EXPECT_EQ(std::get<ScatterFigure>(window.scatter().figure()).xTitle, "z0");
}

TEST_F(ProjectionWindowTest, CodesThatAreNoNumbersAreASentenceAndTheCodesStay)
{
    MainWindow& window = trained(3);
    ProjectionPresenter& link = window.projectionLink();
    auto broken = std::make_shared<LatentCodes>(*window.scatter().scene().codes());
    broken->values[4] = std::numeric_limits<float>::quiet_NaN();
    QSignalSpy sentences(&link, &ProjectionPresenter::messageRaised);
    link.setCodes(broken);
    link.setMethod(ProjectionMethod::Pca);
    ASSERT_TRUE(QTest::qWaitFor([&] { return link.idle(); }, kPatienceMs));
    EXPECT_EQ(sentences.size(), 1);
    EXPECT_FALSE(window.scatter().scene().picture());
    EXPECT_EQ(window.scatter().scene().codes(), broken);
    link.setMethod(ProjectionMethod::Tsne);
    box("projectionPerplexity").setValue(5);
    QTest::mouseClick(&button("projectionStart"), Qt::LeftButton);
    ASSERT_TRUE(reaches(ProjectionState::Failed));
    EXPECT_EQ(sentences.size(), 2);
    EXPECT_EQ(button("projectionStart").text(), QStringLiteral("Again"));
}

TEST_F(ProjectionWindowTest, TsneWaitsForStartFormsPausesChangesAndStops)
{
    useManyImages();
    MainWindow& window = trained(4);
    ProjectionPresenter& link = window.projectionLink();
    EXPECT_FALSE(link.bar().isVisible());
    link.setMethod(ProjectionMethod::Tsne);
    EXPECT_TRUE(link.bar().isVisible());
    EXPECT_FALSE(link.news()) << "nothing runs before it is asked for";
    EXPECT_FALSE(window.scatter().scene().picture());
    EXPECT_EQ(window.scatter().scene().codes()->count(), 800);
    EXPECT_EQ(box("projectionPerplexity").maximum(), 266) << "a third of the other codes shown";

    // All images, most of them in neither list of codes that the map had.
    codesBox().setCurrentIndex(1);
    QSignalSpy frames(&link, &ProjectionPresenter::frameBegins);
    QTest::mouseClick(&button("projectionStart"), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor([&] { return frames.size() > 2 && link.news()->places; }, kPatienceMs));
    QTest::mouseClick(&button("projectionPause"), Qt::LeftButton);
    ASSERT_TRUE(reaches(ProjectionState::Paused));
    EXPECT_EQ(button("projectionPause").text(), QStringLiteral("Resume"));
    EXPECT_EQ(window.scatter().scene().codes()->count(), 4500);
    const int paused = link.news()->iteration;
    QTest::qWait(30);
    EXPECT_EQ(link.news()->iteration, paused);

    // A click in the forming picture decodes, and its neighbours' pictures are of the right images.
    QCustomPlot& plot = window.scatter().plot();
    QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.axisRect()->rect().center());
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.probe().hasFigure(); }, kPatienceMs));
    window.probeLink().probeRow(4499); // the last test image, which no list of training images has
    EXPECT_EQ(window.scatter().probe().size(), 4U);
    QTest::qWait(60);
    EXPECT_TRUE(window.probe().header().subtitle().contains(QStringLiteral("4499")));

    box("projectionPerplexity").setValue(10);
    EXPECT_EQ(button("projectionStart").text(), QStringLiteral("Apply"));
    QTest::mouseClick(&button("projectionStart"), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor([&] { return link.news()->iteration > paused && link.news()->iterations > 0; }, kPatienceMs));
    QTest::mouseClick(&button("projectionStop"), Qt::LeftButton);
    ASSERT_TRUE(reaches(ProjectionState::Stopped));
    EXPECT_FALSE(button("projectionStop").isVisible());
    EXPECT_EQ(std::get<ScatterFigure>(window.scatter().figure()).x.size(), 4500U) << "the picture stays";

    link.setMethod(ProjectionMethod::Codes);
    EXPECT_EQ(window.scatter().scene().codes()->count(), 800) << "the run's codes are back";
}

TEST_F(ProjectionWindowTest, UmapHasSettingsOfItsOwn)
{
    MainWindow& window = trained(3);
    ProjectionPresenter& link = window.projectionLink();
    link.setMethod(ProjectionMethod::Umap);
    EXPECT_FALSE(box("projectionPerplexity").isVisible());
    auto& neighbours = *link.bar().findChild<QSpinBox*>(QStringLiteral("projectionNeighbours"));
    EXPECT_TRUE(neighbours.isVisible());
    EXPECT_EQ(neighbours.value(), 15);
    QTest::mouseClick(&button("projectionStart"), Qt::LeftButton);
    ASSERT_TRUE(reaches(ProjectionState::Finished));
    auto figure = std::get<ScatterFigure>(window.scatter().figure());
    EXPECT_EQ(figure.xTitle, "UMAP 1");
    EXPECT_NE(figure.title.find("15 neighbours"), std::string::npos) << figure.title;
    neighbours.setValue(8);
    EXPECT_EQ(button("projectionStart").text(), QStringLiteral("Apply"));
    QTest::mouseClick(&button("projectionStart"), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
            figure = std::get<ScatterFigure>(window.scatter().figure());
            return figure.title.find("8 neighbours") != std::string::npos && link.idle();
        },
        kPatienceMs));
}

TEST_F(ProjectionWindowTest, AFinishedTsneTellsItsFiguresAndGoesWithTheRun)
{
    MainWindow& window = trained(3);
    ProjectionPresenter& link = window.projectionLink();
    link.setMethod(ProjectionMethod::Tsne);
    box("projectionPerplexity").setValue(5);
    QTest::mouseClick(&button("projectionStart"), Qt::LeftButton);
    ASSERT_TRUE(reaches(ProjectionState::Finished));
    const auto* words = link.bar().findChild<QLabel*>(QStringLiteral("projectionWords"));
    EXPECT_TRUE(words->text().contains(QStringLiteral("KL")) && words->text().contains(QStringLiteral("10-NN")))
        << words->text().toStdString();
    window.train();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished && window.isSettled(); }, kPatienceMs));
    EXPECT_FALSE(link.news()) << "another run";
    EXPECT_FALSE(window.scatter().scene().picture());
}

} // namespace
} // namespace latentoscope::ui
