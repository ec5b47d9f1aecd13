// Names that layers of generated C++ cannot have.
#pragma once

#include <string_view>

namespace deepaxe::hw::hls {

/// C++14 keywords and alternative tokens, what the fixed sources or <cstdint> already name, and the
/// endings of array names.
bool is_reserved(std::string_view name);

}  // namespace deepaxe::hw::hls
