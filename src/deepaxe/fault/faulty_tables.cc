#include "deepaxe/fault/faulty_tables.h"

#include <algorithm>
#include <span>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/sha256.h"

namespace deepaxe::fault {
namespace {

std::uint64_t key_of(std::uint64_t place, Effect effect, bool is_net) {
  return place << 8 | static_cast<std::uint64_t>(effect) << 1 | (is_net ? 1U : 0U);
}

arith::NetFault::Kind kind_of(Effect effect) {
  if (effect == Effect::kStuckAt0) return arith::NetFault::Kind::kStuckAt0;
  if (effect == Effect::kStuckAt1) return arith::NetFault::Kind::kStuckAt1;
  return arith::NetFault::Kind::kInverted;
}

}  // namespace

FaultyTables::FaultyTables(const arith::Multiplier& multiplier, const arith::Netlist* netlist)
    : multiplier_(multiplier), netlist_(netlist) {}

template <typename Make>
std::shared_ptr<const Products> FaultyTables::find_or_make(std::uint64_t key, const Make& make) {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = by_fault_.find(key); found != by_fault_.end()) return found->second;
  }
  auto table = std::make_shared<const Products>(make());
  if (std::equal(table->begin(), table->end(), multiplier_.products().begin())) table = nullptr;
  const std::string hash =
      table == nullptr ? "" : base::sha256_hex(std::as_bytes(std::span(*table)));
  const std::scoped_lock lock(mutex_);
  if (by_fault_.size() >= kMostKept) return table;
  table = by_hash_.try_emplace(hash, table).first->second;
  return by_fault_.try_emplace(key, table).first->second;
}

std::shared_ptr<const Products> FaultyTables::of_register(int bit, Effect effect) {
  DEEPAXE_ASSERT(is_defined(Target::kMacUnit, effect));
  return find_or_make(key_of(static_cast<std::uint64_t>(bit), effect, false), [&] {
    Products products(multiplier_.products().begin(), multiplier_.products().end());
    for (std::int16_t& product : products) {
      product = static_cast<std::int16_t>(apply(effect, std::int32_t{product}, bit));
    }
    return products;
  });
}

std::shared_ptr<const Products> FaultyTables::of_net(std::uint32_t net, Effect effect) {
  DEEPAXE_ASSERT(netlist_ != nullptr);
  return find_or_make(key_of(net, effect, true), [&] {
    return arith::tabulate(*netlist_, {net, kind_of(effect)});
  });
}

}  // namespace deepaxe::fault
