// Blobs of the study file: lists of whole numbers as LEB128 varints.
// Source: DWARF 5, section 7.6.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/store/record.h"

namespace deepaxe::store {

/// (pair - previous pair) * 8 + outcome for each change; pairs ascending, below 2^61.
std::string encode_changes(std::span<const ClassChange> changes);
/// Throws std::runtime_error if `blob` is cut off, or its pairs overflow.
std::vector<ClassChange> decode_changes(std::string_view blob);

std::string encode_counts(std::span<const OutcomeCounts> counts);
/// Throws std::runtime_error if `blob` is cut off or no whole number of count arrays.
std::vector<OutcomeCounts> decode_counts(std::string_view blob);

}  // namespace deepaxe::store
