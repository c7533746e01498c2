#include "ui/common/Icons.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

// Resources of a static library are dropped by the linker unless they are asked for, outside of any namespace.
static void initIcons() { Q_INIT_RESOURCE(icons); }

namespace latentoscope::ui {
namespace {

QPixmap drawn(QSvgRenderer& renderer, int pixels)
{
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    return pixmap;
}

} // namespace

QIcon tintedIcon(const QString& name, const QColor& color)
{
    initIcons();
    QFile file(QStringLiteral(":/latentoscope/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray tinted = file.readAll().replace("#000", color.name().toLatin1());
    QSvgRenderer renderer(tinted);
    QIcon icon;
    // 100 %, 125 %, 150 %, 200 % and 300 % of 16 units.
    for (const int pixels : {16, 20, 24, 32, 48}) icon.addPixmap(drawn(renderer, pixels));
    return icon;
}

QIcon programIcon()
{
    initIcons();
    QSvgRenderer renderer(QStringLiteral(":/latentoscope/icons/latentoscope.svg"));
    QIcon icon;
    for (const int pixels : {16, 24, 32, 48, 64, 128, 256}) icon.addPixmap(drawn(renderer, pixels));
    return icon;
}

} // namespace latentoscope::ui
