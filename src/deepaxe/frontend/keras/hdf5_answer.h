// hdf5_answer: Hdf5Content as the bytes that the child process sends through its pipe.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/frontend/keras/hdf5_reader.h"

namespace deepaxe::frontend::keras {

/// Counts (uint64) before everything, host byte order.
std::vector<std::byte> pack_answer(const Hdf5Content& content);

/// unpack_answer(pack_answer(c)) == c. A damaged file may have made the child send anything, so
/// nothing is taken on trust: InputError naming `file` unless every count and shape fits the bytes.
Hdf5Content unpack_answer(std::span<const std::byte> bytes, const std::string& file);

}  // namespace deepaxe::frontend::keras
