#include "deepaxe/kernel/table/factor_planes.h"

#include "deepaxe/kernel/table/scratch.h"

namespace deepaxe::kernel::table {

const std::int16_t* expand_planes(const arith::Factorization& factors, const Window& window,
                                  const HotLoops& loops, const std::uint8_t* codes,
                                  int num_images) {
  const std::size_t num_terms = factors.terms.size();
  const std::size_t num_planes = static_cast<std::size_t>(num_images) * num_terms;
  const std::size_t plane = window.padded_size();
  std::int16_t* values = grown(scratch().values, num_planes * plane + kFactorSlack);
  for (std::size_t i = 0; i < num_planes; ++i) {
    loops.expand_codes(codes + i / num_terms * plane, plane, factors.terms[i % num_terms].f.data(),
                       values + i * plane);
  }
  return values;
}

const std::int32_t* offsets_in_planes(const std::vector<std::int32_t>& offsets,
                                      const Window& window, std::size_t num_terms) {
  std::int32_t* result = grown(scratch().plane_offsets, num_terms * offsets.size());
  std::int32_t* place = result;
  for (std::size_t t = 0; t < num_terms; ++t) {
    const auto plane = static_cast<std::int32_t>(t * window.padded_size());
    for (const std::int32_t offset : offsets) *place++ = plane + offset;
  }
  return result;
}

}  // namespace deepaxe::kernel::table
