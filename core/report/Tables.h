/// The reference report's six tables with what was measured here beside what it publishes, and one of our own on samples.
#pragma once

#include "core/document/Document.h"
#include "core/report/Findings.h"

#include <string>
#include <vector>

namespace latentoscope {

struct Configuration;

DocumentTable networkTable(const Findings& findings);    ///< I: the auto-encoder's layers
DocumentTable trainingTable(const Findings& findings);   ///< II: how it is trained, as is and with the searched values
DocumentTable classifierTable(const Findings& findings); ///< III: the classifier
DocumentTable vaeTable(const Findings& findings);        ///< IV: the variational auto-encoder
DocumentTable resultsTable(const Findings& findings);    ///< V: what all of them reach
DocumentTable searchTable(const Findings& findings);     ///< VI: the search
/// VII: which share of the images drawn for a class the classifier takes for it. Only where there are samples or pictures.
DocumentTable samplesTable(const Findings& findings);

/// How many folds of the fine-tuned classifier collapsed, in words.
std::string collapsesText(const Findings& findings);

/// What the measured figures say about the report's "9.7" of its fine-tuned classifier.
std::string fineTuneReading(const Findings& findings);

/// The shortest decimal, its exponent as people write it: 0.0005, 1e-5.
std::string settingText(double value);
/// The same of three digits that matter: 0.0123.
std::string shortSettingText(double value);

/// "seed 0, 10 epochs, Adam, learning rate 0.0005, weight decay 1e-05, batch 256".
std::string settingsText(const Configuration& configuration);

/// "Adam" of "adam".
std::string optimizerText(const std::string& name);

} // namespace latentoscope
