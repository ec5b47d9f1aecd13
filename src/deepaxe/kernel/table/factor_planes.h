// Factor planes: f of all activations of padded images as int16, for each image a plane a term.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/arith/factorization.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// [num_images, terms, window.padded_size()] and kFactorSlack values more, in scratch memory.
const std::int16_t* expand_planes(const arith::Factorization& factors, const Window& window,
                                  const HotLoops& loops, const std::uint8_t* codes, int num_images);

/// `offsets` into a plane as offsets into the planes of an image, term after term, in scratch
/// memory: [num_terms * offsets.size()].
const std::int32_t* offsets_in_planes(const std::vector<std::int32_t>& offsets,
                                      const Window& window, std::size_t num_terms);

}  // namespace deepaxe::kernel::table
