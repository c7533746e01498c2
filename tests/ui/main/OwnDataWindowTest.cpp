// Own pictures dropped on the window: with and without labels, as folders and as files.
#include "tests/ui/WindowFixture.h"

#include "core/base/AtomicFile.h"
#include "core/data/DataSet.h"
#include "core/figures/FigureData.h"
#include "core/figures/ScatterFigure.h"
#include "core/sources/SaveData.h"
#include "core/storage/PngFile.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/latent/ClassChips.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"

#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>

namespace latentoscope::ui {
namespace {

class OwnDataWindowTest : public WindowTest {
protected:
    /// Dropped, and read.
    static void drop(MainWindow& window, const std::filesystem::path& path)
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QString::fromStdString(path.string()))});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        EXPECT_TRUE(enter.isAccepted());
        QDropEvent event(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &event);
        EXPECT_TRUE(QTest::qWaitFor([&] { return !window.controller().loadingData(); }, kPatienceMs));
    }
    /// Pictures without labels.
    std::filesystem::path flat() const
    {
        const auto data = test::smallData({8, 8, 1}, 80, 10);
        std::filesystem::create_directories(m_folder / "flat");
        for (int item = 0; item < data->train.count(); ++item)
            writePng(m_folder / "flat" / (std::to_string(100 + item) + ".png"), data->train.shape, data->train.image(item));
        return m_folder / "flat";
    }
};

} // namespace

TEST_F(OwnDataWindowTest, WithoutLabelsEveryViewHasOneColourAndNoClass)
{
    MainWindow& window = open();
    drop(window, flat());
    ASSERT_TRUE(window.controller().data());
    EXPECT_EQ(window.controller().data()->name, "flat");
    EXPECT_FALSE(window.controller().data()->hasLabels());
    trainToTheEnd(window, 2);
    EXPECT_EQ(window.findChild<ClassChips*>()->count(), 0);
    const auto map = std::get<ScatterFigure>(window.scatter().figure());
    EXPECT_FALSE(map.hasClasses());
    EXPECT_GT(window.scatter().scene().visibleCount(), 0);
    QTest::mouseClick(&window.scatter().plot(), Qt::LeftButton, {}, window.scatter().plot().rect().center());
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.probe().hasFigure(); }, kPatienceMs));
    EXPECT_FALSE(window.probe().header().subtitle().contains(QStringLiteral("·"))) << "no class beside the item";
    const auto* sources = window.findChild<QComboBox*>(QStringLiteral("samplesSource"));
    EXPECT_EQ(sources->itemText(sources->count() - 1), QStringLiteral("All codes"));

    Configuration classifier = tiny(1);
    classifier.model.kind = "classifier";
    window.controls().setConfiguration({"classes", {}, classifier}, classifier);
    window.train();
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return window.messages().text().contains(QStringLiteral("has no labels, which a classifier learns from")); },
        kPatienceMs))
        << window.messages().text().toStdString();
}

TEST_F(OwnDataWindowTest, AFileOfDataCanBeDroppedAsAFolderCan)
{
    MainWindow& window = open();
    const std::string digest = window.controller().data()->digest;
    saveData(*window.controller().data(), m_folder / "same.npz");
    drop(window, flat());
    EXPECT_NE(window.controller().data()->digest, digest);
    drop(window, m_folder / "same.npz");
    EXPECT_EQ(window.controller().data()->digest, digest);
    EXPECT_EQ(window.controller().data()->name, "same");
    drop(window, m_folder / "data");
    EXPECT_EQ(window.controller().data()->name, "data") << "IDX files, as before";
}

TEST_F(OwnDataWindowTest, HundredsOfClassesLeaveTheMapItsPlace)
{
    MainWindow& window = open();
    auto many = std::make_shared<DataSet>(*test::smallData({8, 8, 1}, 600, 300));
    many->classNames.clear();
    for (int name = 0; name < 300; ++name)
        many->classNames.push_back("a class with a rather long name " + std::to_string(1000 + name));
    for (ImageSet* set : {&many->train, &many->test})
        for (std::size_t item = 0; item < set->labels.size(); ++item) set->labels[item] = static_cast<Label>(item % 300);
    saveData(*many, m_folder / "many.npz");
    drop(window, m_folder / "many.npz");
    trainToTheEnd(window, 1);
    const auto* chips = window.findChild<ClassChips*>();
    EXPECT_EQ(chips->count(), 300);
    EXPECT_GT(window.scatter().plot().height(), 200);
    EXPECT_LE(chips->parentWidget()->height(), 110) << "three lines, the others by scrolling";
    EXPECT_GT(chips->height(), chips->parentWidget()->height());
    window.resize(1000, 700);
    QApplication::processEvents();
    EXPECT_GT(window.scatter().plot().height(), 150);
}

TEST_F(OwnDataWindowTest, WhatIsLeftOutIsSaid)
{
    MainWindow& window = open();
    const std::filesystem::path folder = flat();
    writeFileAtomically(folder / "broken.png", "no picture");
    drop(window, folder);
    EXPECT_TRUE(window.messages().text().startsWith(QStringLiteral("1 picture"))) << window.messages().text().toStdString();
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("broken.png: it is no picture")));
    writeFileAtomically(m_folder / "empty.zip", "no archive");
    drop(window, m_folder / "empty.zip");
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("empty.zip"))) << window.messages().text().toStdString();
}

} // namespace latentoscope::ui
