#include "ui/training/ReconstructionsView.h"

#include "core/base/Text.h"
#include "core/figures/FigureData.h"
#include "core/figures/Grid.h"
#include "core/values/LatentCodes.h"
#include "ui/common/NumberBox.h"
#include "ui/common/PanelHeader.h"
#include "ui/figures/ImageGridLayout.h"
#include "ui/training/ReconstructionsCanvas.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

QSpinBox* countBox(const QString& name, const QString& words, int most, QWidget* parent)
{
    auto* box = new CountBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(words);
    box->setToolTip(words);
    box->setRange(0, most);
    box->setSpecialValueText(QStringLiteral("auto"));
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setAlignment(Qt::AlignHCenter);
    box->setFixedWidth(46);
    return box;
}

} // namespace

ReconstructionsView::ReconstructionsView(QWidget* parent)
    : FigureView(QStringLiteral("reconstructionsView"), tr("Reconstructions"), parent), m_canvas(new ReconstructionsCanvas(this))
{
    setContent(m_canvas);
    m_canvas->installEventFilter(this);
    connect(m_canvas, &ReconstructionsCanvas::itemClicked, this, [this](int position) {
        if (m_figure.reconstructions && position < m_figure.reconstructions->count())
            Q_EMIT itemChosen(m_figure.reconstructions->items[static_cast<std::size_t>(position)]);
    });
    setEmptyText(tr("No reconstructions yet"), tr("Press Train, or open a run."));
    buildTools();
    updateSubtitle();
}

void ReconstructionsView::buildTools()
{
    m_columns = countBox(QStringLiteral("reconstructionsColumns"), tr("Images per row (0: as many as fit)"), 32, this);
    m_rows = countBox(QStringLiteral("reconstructionsRows"), tr("Number of rows (0: as many as fit)"), 8, this);
    m_columns->setValue(0);
    m_rows->setValue(0);
    m_error = new QToolButton(this);
    m_error->setObjectName(QStringLiteral("reconstructionsError"));
    m_error->setText(tr("Error"));
    m_error->setAccessibleName(tr("Show the error"));
    m_error->setToolTip(tr("Show the absolute error |input − output| of every pixel"));
    m_error->setCheckable(true);
    m_sample = new QToolButton(this);
    m_sample->setObjectName(QStringLiteral("reconstructionsSample"));
    m_sample->setText(tr("Sample"));
    m_sample->setAccessibleName(tr("Show samples"));
    m_sample->setToolTip(tr("Show reconstructions decoded from a sample of the posterior, below those decoded from its mean"));
    m_sample->setCheckable(true);
    m_sample->setChecked(m_figure.sampleRow);
    m_sample->hide();
    auto* times = new QLabel(QStringLiteral("×"), this);
    times->setProperty("secondary", true);
    auto* grid = new QWidget(this); // one tool: half of it would mean nothing
    auto* line = new QHBoxLayout(grid);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    for (QWidget* part : {static_cast<QWidget*>(m_columns), static_cast<QWidget*>(times), static_cast<QWidget*>(m_rows)})
        line->addWidget(part);
    header().addTool(grid);
    header().addTool(m_sample);
    header().addTool(m_error);
    connect(m_columns, &QSpinBox::valueChanged, this, &ReconstructionsView::settingsChanged);
    connect(m_rows, &QSpinBox::valueChanged, this, &ReconstructionsView::settingsChanged);
    connect(m_sample, &QToolButton::toggled, this, &ReconstructionsView::settingsChanged);
    connect(m_error, &QToolButton::toggled, this, &ReconstructionsView::settingsChanged);
}

FigureData ReconstructionsView::figure() const
{
    if (!hasFigure()) return std::monostate{};
    ReconstructionsFigure figure = m_figure;
    const std::string epoch = roundedText(figure.reconstructions->epoch, 3);
    figure.title = "Reconstructions of " + figure.reconstructions->split + " items, epoch " + epoch;
    return figure;
}

void ReconstructionsView::setReconstructions(std::shared_ptr<const Reconstructions> reconstructions)
{
    m_figure.reconstructions = std::move(reconstructions);
    setContentState(m_figure.reconstructions && m_figure.reconstructions->count() > 0 ? ContentState::Filled
                                                                                      : ContentState::Empty);
    m_sample->setVisible(m_figure.reconstructions && !m_figure.reconstructions->samples.empty());
    arrange();
}

void ReconstructionsView::setClassNames(std::vector<std::string> names)
{
    m_figure.classNames = std::move(names);
    m_canvas->setFigure(m_figure);
}

void ReconstructionsView::setPast(bool past)
{
    m_past = past;
    updateSubtitle();
}

void ReconstructionsView::setGrid(int rows, int columns)
{
    m_rows->setValue(rows);
    m_columns->setValue(columns);
}

int ReconstructionsView::rows() const { return m_figure.rows; }

int ReconstructionsView::columns() const { return m_figure.columns; }

ErrorRow ReconstructionsView::errorRow() const { return m_figure.errorRow; }

void ReconstructionsView::setErrorRow(ErrorRow errorRow) { m_error->setChecked(errorRow == ErrorRow::Shown); }

void ReconstructionsView::setSampleRow(bool shown) { m_sample->setChecked(shown); }

void ReconstructionsView::applyColors() { m_canvas->update(); }

void ReconstructionsView::settingsChanged()
{
    m_figure.sampleRow = m_sample->isChecked();
    m_figure.errorRow = m_error->isChecked() ? ErrorRow::Shown : ErrorRow::Hidden;
    arrange();
}

void ReconstructionsView::arrange()
{
    const GridCounts fitting =
        fittingGrid(m_figure, m_canvas->imageArea().size(), devicePixelRatioF(), {m_columns->value(), m_rows->value()});
    m_figure.columns = fitting.columns;
    m_figure.rows = fitting.rows;
    m_canvas->setFigure(m_figure);
    updateSubtitle();
}

bool ReconstructionsView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_canvas && event->type() == QEvent::Resize) arrange();
    return FigureView::eventFilter(watched, event);
}

void ReconstructionsView::updateSubtitle()
{
    if (!m_figure.reconstructions || m_figure.reconstructions->count() == 0) return header().setSubtitle(QString());
    const Reconstructions& all = *m_figure.reconstructions;
    QString words = tr("%1 of %2 %3 items")
                        .arg(std::min(all.count(), m_figure.rows * m_figure.columns))
                        .arg(all.count())
                        .arg(QString::fromStdString(all.split));
    if (m_past) words = tr("epoch %1 · ").arg(QString::fromStdString(roundedText(all.epoch, 3))) + words;
    header().setSubtitle(words);
}

} // namespace latentoscope::ui
