#include "ui/common/PlainLocale.h"

#include <QLocale>

#include <clocale>

namespace latentoscope::ui {

void usePlainLocale()
{
    std::setlocale(LC_NUMERIC, "C"); // NOLINT(concurrency-mt-unsafe): no other thread is there yet
    QLocale::setDefault(QLocale::c());
}

} // namespace latentoscope::ui
