#include "deepaxe/frontend/circuit/source.h"

#include <cstdint>
#include <filesystem>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

// EvoApproxLib's names: mul8s_1KVP, mul8u_17C8, mul8_034 (unsigned, of its first edition).
std::optional<Signedness> of_name(std::string_view name) {
  if (name.starts_with("mul8s")) return Signedness::kSigned;
  if (name.starts_with("mul8u") || name.starts_with("mul8_")) return Signedness::kUnsigned;
  return std::nullopt;
}

}  // namespace

Signedness decide(const Source& source, const Stated& stated, std::string_view name) {
  if (source.asked) return *source.asked;
  if (stated.surely) return *stated.surely;
  if (const auto named = of_name(name)) return *named;
  if (const auto named = of_name(std::filesystem::path(source.file).stem().string())) return *named;
  if (stated.probably) return *stated.probably;
  throw base::InputError({source.file, "", "nothing that tells signed from unsigned operands",
                          "--signed or --unsigned"});
}

ProductTable tabulate(const arith::Netlist& netlist, Signedness signedness) {
  ProductTable table{.signedness = signedness, .products = {}};
  table.products.reserve(ProductTable::kNumProducts);
  for (const std::int16_t product : arith::tabulate(netlist)) {
    table.products.push_back(signedness == Signedness::kSigned
                                 ? std::int32_t{product}
                                 : std::int32_t{static_cast<std::uint16_t>(product)});
  }
  return table;
}

}  // namespace deepaxe::frontend::circuit
