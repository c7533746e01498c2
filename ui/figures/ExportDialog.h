/// Asks for format and size of an exported figure, with a live preview.
#pragma once

#include "core/figures/FigureData.h"
#include "ui/figures/Export.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTimer;

namespace latentoscope::ui {

/// Format, size, scale and folder are remembered in QSettings under "export/". A file that cannot be written is told in the
/// dialog, which stays open.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    /// `name` is the file's name without suffix.
    ExportDialog(FigureData figure, QString name, QWidget* parent = nullptr);

    /// Proposes another name, without folder and ending, than the figure's.
    void setFileName(const QString& name);

    ExportOptions options() const;
    void setOptions(const ExportOptions& options);
    std::filesystem::path file() const;
    void setFile(const std::filesystem::path& file);
    QString message() const; ///< why the last try failed; empty where none has

public Q_SLOTS:
    /// Writes the file, then closes accepted; else says why not. Where the file is there it asks first: the button becomes
    /// Replace.
    void accept() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void formatChosen();
    void unitChosen();
    void updatePreview();
    void browse();
    void fileEdited();
    void remember() const;
    void recall();

    FigureData m_figure;
    QString m_name;
    std::filesystem::path m_replacing;                        ///< a file that is there, which a person has agreed to write over
    ExportOptions::Unit m_unit = ExportOptions::Unit::Pixels; ///< of the numbers now in the editors
    QComboBox* m_format = nullptr;
    QComboBox* m_unitBox = nullptr;
    QDoubleSpinBox* m_width = nullptr;
    QDoubleSpinBox* m_height = nullptr;
    QDoubleSpinBox* m_scale = nullptr;
    QLabel* m_result = nullptr;
    QLineEdit* m_file = nullptr;
    QLabel* m_message = nullptr;
    QLabel* m_preview = nullptr;
    QPushButton* m_export = nullptr;
    QTimer* m_previewTimer = nullptr;
};

} // namespace latentoscope::ui
