// PanelCache: what table kernels prepare once for a layer and a multiplier, within a memory bound.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <type_traits>
#include <utility>
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
  using ErrorPlanPtr = std::shared_ptr<const ErrorPlan>;

  explicit PanelCache(std::size_t max_bytes = kDefaultMaxBytes) : max_bytes_(max_bytes) {}

  /// A number for one layer: the `owner` of its panels.
  int new_owner();

  /// What `build` gave for this owner and multiplier, called if it is not there: one type for each
  /// owner, a vector or a type with num_bytes(). Two threads may build the same one at once; both
  /// get equal ones.
  template <typename Build>
  auto find_or_build(int owner, const arith::Multiplier& multiplier, Build build) {
    return find_or_make(owner, multiplier.identity(), build);
  }

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
    std::string key;  // A multiplier's identity, and what else the entry depends on.
    AnyPtr data;
    std::size_t num_bytes = 0;
    std::uint64_t last_use = 0;  // Atomic access only: readers write it under the shared lock.
  };

  template <typename Make>
  std::shared_ptr<const std::invoke_result_t<Make&>> find_or_make(int owner, const std::string& key,
                                                                  Make make) {
    using Value = std::invoke_result_t<Make&>;
    AnyPtr data = find(owner, key);
    if (data == nullptr) {
      auto made = std::make_shared<const Value>(make());
      const std::size_t num_bytes = num_bytes_of(*made);
      data = insert(owner, key, std::move(made), num_bytes);
    }
    return std::static_pointer_cast<const Value>(data);
  }
  template <typename Value>
  static std::size_t num_bytes_of(const Value& value) {
    if constexpr (requires { value.num_bytes(); }) {
      return value.num_bytes();
    } else {
      return value.size() * sizeof(typename Value::value_type);
    }
  }
  AnyPtr find(int owner, const std::string& key);
  AnyPtr insert(int owner, const std::string& key, AnyPtr data, std::size_t num_bytes);
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
