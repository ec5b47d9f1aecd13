// PanelCache: what table kernels prepare once for a layer and a multiplier, within a memory bound.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/base/cache_line.h"
#include "deepaxe/kernel/table/error_panels.h"
#include "deepaxe/kernel/table/factor_product.h"

namespace deepaxe::kernel::table {

/// Thread-safe. Entries are found by owner and the multiplier's identity (its products, not its
/// address); the least recently used ones are dropped when the bound is passed. An entry in use
/// stays alive through its pointer.
class PanelCache {
 public:
  static constexpr std::size_t kDefaultMaxBytes = std::size_t{64} << 20;
  using Words = base::CacheLineVector<std::uint32_t>;
  using WordsPtr = std::shared_ptr<const Words>;
  using Products = std::vector<std::int16_t>;
  using ProductsPtr = std::shared_ptr<const Products>;
  using FactorsPtr = std::shared_ptr<const Factors>;
  using ErrorTablePtr = std::shared_ptr<const ErrorTable>;

  explicit PanelCache(std::size_t max_bytes = kDefaultMaxBytes) : max_bytes_(max_bytes) {}

  /// A number for one layer: the `owner` of its panels.
  int new_owner();

  /// The panel of this owner and multiplier, made by `build` if it is not there. Two threads may
  /// build the same one at once; both get equal words.
  WordsPtr find_or_build(int owner, const arith::Multiplier& multiplier,
                         const std::function<Words()>& build);

  /// find_factors.
  FactorsPtr factors(const arith::Multiplier& multiplier, int max_terms);

  /// make_error_table.
  ErrorTablePtr errors(const arith::Multiplier& multiplier, std::int8_t zero_point);

  /// result[b << 8 | a] = m(a, b): 256 products of one weight in a row.
  ProductsPtr transposed(const arith::Multiplier& multiplier);

  std::size_t num_bytes() const;  ///< At most the bound, or one entry.

 private:
  using AnyPtr = std::shared_ptr<const void>;
  struct Entry {
    std::string identity;
    AnyPtr data;
    std::size_t num_bytes = 0;
    std::uint64_t last_use = 0;  // Atomic access only: readers write it under the shared lock.
  };

  AnyPtr find(int owner, const std::string& identity);
  AnyPtr insert(int owner, const std::string& identity, AnyPtr data, std::size_t num_bytes);
  void drop_least_recently_used(const void* but);

  static constexpr int kTransposedOwner = 0;
  static constexpr int kFactorsOwner = 1;
  static constexpr int kErrorOwner = 2;
  static constexpr int kNumSharedOwners = 3;
  const std::size_t max_bytes_;
  mutable std::shared_mutex mutex_;  // Guards all below but the clock.
  std::vector<std::vector<Entry>> entries_ =
      std::vector<std::vector<Entry>>(kNumSharedOwners);  // By owner.
  std::size_t num_bytes_ = 0;
  std::atomic<std::uint64_t> clock_{0};
};

}  // namespace deepaxe::kernel::table
