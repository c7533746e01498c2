// Runs the tests of the window without a screen, with settings of their own.
#include "ui/common/Application.h"
#include "ui/common/PlainLocale.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    latentoscope::ui::Application application(argc, argv);
    latentoscope::ui::usePlainLocale();
    QApplication::setOrganizationName(QStringLiteral("LatentoscopeTests"));
    QApplication::setApplicationName(QStringLiteral("ui_tests"));
    const QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    return RUN_ALL_TESTS();
}
