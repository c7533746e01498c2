/// What a program says when it refuses something.
#pragma once

#include "core/base/Error.h"

#include <string>

namespace latentoscope::test {

/// The sentence of the Error that `act` throws; empty where it throws none.
template <class Act> std::string refusal(const Act& act)
{
    try {
        act();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace latentoscope::test
