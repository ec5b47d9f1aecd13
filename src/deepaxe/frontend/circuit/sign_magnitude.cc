#include "deepaxe/frontend/circuit/sign_magnitude.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/gate_writer.h"

namespace deepaxe::frontend::circuit {

using arith::ProductTable;
using arith::Signedness;

ProductTable wrap_sign_magnitude(const ProductTable& table) {
  DEEPAXE_ASSERT(table.signedness == Signedness::kUnsigned);
  ProductTable wrapped{.signedness = Signedness::kSigned, .products = {}};
  wrapped.products.reserve(table.products.size());
  for (std::size_t i = 0; i < table.products.size(); ++i) {
    const int a = arith::operand_value(i >> 8, Signedness::kSigned);
    const int b = arith::operand_value(i & 255, Signedness::kSigned);
    const auto pair = static_cast<std::size_t>(std::abs(a) << 8 | std::abs(b));
    wrapped.products.push_back((a < 0) == (b < 0) ? table.products[pair] : -table.products[pair]);
  }
  return wrapped;
}

arith::Netlist wrap_sign_magnitude(const arith::Netlist& netlist) {
  GateWriter gates("--wrap");
  const auto negated_if = [&](Net negative, const Word& word) {
    Word flipped;
    for (const Net bit : word) flipped.push_back(gates.bit_xor(bit, negative));
    return gates.add(flipped, Word(word.size(), kZero), negative);
  };
  Word a, b;
  for (Net i = 0; i < 8; ++i) {
    a.push_back(i);
    b.push_back(8 + i);
  }
  Word magnitudes = negated_if(a.back(), a);
  const Word magnitude_of_b = negated_if(b.back(), b);
  magnitudes.insert(magnitudes.end(), magnitude_of_b.begin(), magnitude_of_b.end());
  const Word product = gates.embed(netlist, magnitudes);
  return gates.netlist(negated_if(gates.bit_xor(a.back(), b.back()), product));
}

Narrowed narrow(const ProductTable& table, Overflow overflow, const std::string& file) {
  DEEPAXE_ASSERT(table.signedness == Signedness::kSigned);
  std::vector<std::int16_t> products;
  products.reserve(table.products.size());
  int num_saturated = 0;
  for (std::size_t i = 0; i < table.products.size(); ++i) {
    const std::int32_t product = table.products[i];
    const std::int32_t clamped = std::clamp(product, -32768, 32767);
    if (clamped != product && overflow == Overflow::kRefuse) {
      throw base::InputError(
          {file,
           fmt::format("product of {} and {}", arith::operand_value(i >> 8, Signedness::kSigned),
                       arith::operand_value(i & 255, Signedness::kSigned)),
           std::to_string(product), "at most 16 bits, or --overflow saturate"});
    }
    num_saturated += clamped != product;
    products.push_back(static_cast<std::int16_t>(clamped));
  }
  return {arith::Multiplier(std::move(products)), num_saturated};
}

}  // namespace deepaxe::frontend::circuit
