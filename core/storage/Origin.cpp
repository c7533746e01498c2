#include "core/storage/Origin.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/config/Fields.h"

#include <nlohmann/json.hpp>

#include <array>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

std::string textAt(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

std::optional<Origin> readOrigin(const std::filesystem::path& file)
{
    const Json json = parsedJson<Json>(readFile(file));
    if (!json.is_object()) return std::nullopt; // whoever reads the settings says what is wrong
    const bool folds = json.contains("cross_validation");
    const auto own = json.find(folds ? "cross_validation" : "run");
    if (own == json.end() || !own->is_object()) return std::nullopt;
    Origin origin;
    origin.file = file;
    origin.dataName = textAt(*own, "data_name");
    origin.dataDigest = textAt(*own, "data_digest");
    origin.dataFolder = textAt(*own, "data_folder");
    origin.encoderFolder = textAt(*own, "encoder");
    origin.encoderDigest = textAt(*own, "encoder_weights");
    origin.crossValidation = folds;
    if (!folds) return origin;
    origin.folds = configurationFromJson(json, {}, Unknown::PassOver).data.folds;
    if (const auto before = own->find("pretraining"); before != own->end())
        origin.pretraining = configurationFromJson(*before, {}, Unknown::PassOver);
    return origin;
}

ImageShape shapeOf(const Json& list, const std::string& what)
{
    constexpr std::int64_t kMost = 1 << 30;
    std::array<int, 3> sizes{};
    bool right = list.is_array() && list.size() == sizes.size();
    for (std::size_t i = 0; right && i < sizes.size(); ++i) {
        right = list[i].is_number_integer() && list[i].get<std::int64_t>() >= 1 && list[i].get<std::int64_t>() <= kMost;
        if (right) sizes[i] = list[i].get<int>();
    }
    if (!right) {
        throw Error(Error::Kind::CorruptData, what + ": found " +
                                                  list.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60) +
                                                  ", expected height, width and channels as three whole numbers from 1");
    }
    return {sizes[0], sizes[1], sizes[2]};
}

} // namespace latentoscope
