/// The strip above the latent map where a projection is asked for, and followed while it forms.
#pragma once

#include "core/projection/RunningProjection.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace latentoscope::ui {

/// Which codes a projection is made of.
enum class ProjectedCodes { Shown, All };

class ProjectionBar : public QWidget {
    Q_OBJECT

public:
    explicit ProjectionBar(QWidget* parent = nullptr);

    /// How many codes there are of each; the second 0 where only the shown ones can be had.
    void setCounts(int shown, int all);
    ProjectedCodes codes() const;
    /// Which method's settings are shown.
    void setMethod(FormingMethod method);
    /// As set by the person; what cannot be chosen here has its default.
    FormingSettings settings() const;
    /// What runs, in a figure's title: "perplexity 30".
    QString startedWords() const;
    /// What runs, and what its buttons do; none: nothing has been started.
    void setNews(const std::optional<ProjectionNews>& news);
    /// Which codes the picture shown is of, where it was begun at another time.
    void setStarted(ProjectedCodes codes);
    /// What the start button says where the picture is of another epoch than the one looked at: "Again for epoch 4"; empty: it is
    /// not.
    void setOtherEpoch(const QString& words);
    /// Words in place of a projection's stage, while there is none yet: "Encoding".
    void setBusy(const QString& words);

Q_SIGNALS:
    void startRequested();
    /// Settings were changed while there is a projection: it is to go on with them.
    void changeRequested();
    void pauseRequested();
    void resumeRequested();
    void stopRequested();

private:
    void updateButtons();
    void updateLimits();
    bool changed() const;

    QComboBox* m_codes;
    QDoubleSpinBox* m_perplexity;
    QDoubleSpinBox* m_exaggeration;
    QSpinBox* m_neighbours;
    QDoubleSpinBox* m_distance;
    QPushButton* m_start;
    QPushButton* m_pause;
    QPushButton* m_stop;
    QProgressBar* m_progress;
    QLabel* m_words;
    int m_shown = 0;
    int m_all = 0;
    double m_wantedPerplexity = 0; ///< as set, where there are codes enough for it
    int m_wantedNeighbours = 0;
    bool m_busy = false;
    std::optional<ProjectionState> m_state;
    QString m_otherEpoch;
    ProjectedCodes m_startedCodes = ProjectedCodes::Shown;
    FormingMethod m_method = FormingMethod::Tsne;
    FormingSettings m_started; ///< what runs
};

/// "t-SNE 312 of 1,000, 4 s left"; of a finished one its figures: "KL 1.339 · trustworthiness 0.996 · …".
QString newsText(const ProjectionNews& news);

} // namespace latentoscope::ui
