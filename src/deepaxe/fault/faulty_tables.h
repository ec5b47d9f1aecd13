// FaultyTables: what a multiplier with a fault inside multiplies; faults that cannot be told apart
// share one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/arith/netlist.h"
#include "deepaxe/fault/fault.h"

namespace deepaxe::fault {

/// All products, in the order of arith::Multiplier::index.
using Products = std::vector<std::int16_t>;

/// Thread-safe. Keeps the tables it has made, 128 KiB each, at most kMostKept; what is beyond is
/// made again whenever it is asked for.
class FaultyTables {
 public:
  static constexpr std::size_t kMostKept = 1024;

  /// Both outlive this; no netlist: null, and no faults of nets.
  FaultyTables(const arith::Multiplier& multiplier, const arith::Netlist* netlist);

  const arith::Multiplier& multiplier() const noexcept { return multiplier_; }

  /// Null where the fault changes no product.
  /// Bit `bit` of the product register stuck. Requires a stuck-at effect.
  std::shared_ptr<const Products> of_register(int bit, Effect effect);
  /// A net stuck or, for kFlip, inverted. Requires a netlist that has the net.
  std::shared_ptr<const Products> of_net(std::uint32_t net, Effect effect);

 private:
  template <typename Make>
  std::shared_ptr<const Products> find_or_make(std::uint64_t key, const Make& make);

  const arith::Multiplier& multiplier_;
  const arith::Netlist* netlist_;
  std::mutex mutex_;
  std::map<std::uint64_t, std::shared_ptr<const Products>> by_fault_;
  std::map<std::string, std::shared_ptr<const Products>> by_hash_;  // Of equal tables, the first.
};

}  // namespace deepaxe::fault
