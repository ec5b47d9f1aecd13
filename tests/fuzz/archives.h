// Compressed seeds: gzip and zip files in memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "target.h"

namespace deepaxe::fuzz {

Bytes gzip_of(std::span<const std::byte> content);

/// A zip of these members; stored, or deflated as numpy.savez_compressed and Keras do.
Bytes zip_of(const std::vector<std::pair<std::string, Bytes>>& members, bool deflated);

}  // namespace deepaxe::fuzz
