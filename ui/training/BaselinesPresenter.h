/// Gives the loss panel its lines to compare with: computed on another thread once for each data set, and kept.
#pragma once

#include "core/config/Configuration.h"
#include "core/experiment/References.h"
#include "ui/common/Latest.h"
#include "ui/training/LossView.h"

#include <QObject>

#include <memory>
#include <stop_token>

namespace latentoscope {
struct DataSet;
}

namespace latentoscope::ui {

class BaselinesPresenter : public QObject {
    Q_OBJECT

public:
    BaselinesPresenter(LossView& view, QObject* parent);
    /// What is being computed ends soon, unheard.
    ~BaselinesPresenter() override;

    /// Lines for a network on these data from now on; null: none.
    void show(const std::shared_ptr<const DataSet>& data, const ModelOptions& model);
    bool idle() const { return m_latest.idle(); }

private:
    void showLines();

    LossView& m_view;
    ModelOptions m_model;
    std::shared_ptr<const DataSet> m_data; ///< whose lines are wanted
    std::shared_ptr<const DataSet> m_of;   ///< whose references are there
    std::optional<References> m_references;
    std::stop_source m_cancel; ///< of what is being computed
    Latest<std::optional<References>> m_latest{this};
};

} // namespace latentoscope::ui
