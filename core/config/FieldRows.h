/// The rows behind the table of fields: where in a configuration each field stands.
#pragma once

#include "core/config/Fields.h"

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace latentoscope {

/// A word's place, whatever enumeration stands there.
struct ChoiceSlot {
    std::string word;
    std::function<void(const std::string& word)> set; ///< one of the field's choices
};
using Slot = std::variant<int*, double*, bool*, std::uint64_t*, ChoiceSlot, std::vector<int>*, ImageSize*>;

/// One field with its place.
struct Row {
    Field field;
    Slot (*slot)(Configuration&);
    bool (*applies)(const Configuration&) = nullptr; ///< null: always
};

/// Every field, grouped data, model, training, in the order a person meets them.
const std::vector<Row>& rows();

} // namespace latentoscope
