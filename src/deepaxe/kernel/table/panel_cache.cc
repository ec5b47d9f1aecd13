#include "deepaxe/kernel/table/panel_cache.h"

#include <mutex>
#include <utility>

namespace deepaxe::kernel::table {

int PanelCache::new_owner() {
  const std::unique_lock lock(mutex_);
  entries_.emplace_back();
  return static_cast<int>(entries_.size()) - 1;
}

PanelCache::AnyPtr PanelCache::find(int owner, const std::string& key) {
  const std::shared_lock lock(mutex_);
  for (Entry& entry : entries_[static_cast<std::size_t>(owner)]) {
    if (entry.key == key) {
      std::atomic_ref(entry.last_use).store(++clock_, std::memory_order_relaxed);
      return entry.data;
    }
  }
  return nullptr;
}

PanelCache::AnyPtr PanelCache::insert(int owner, const std::string& key, AnyPtr data,
                                      std::size_t num_bytes) {
  const std::unique_lock lock(mutex_);
  std::vector<Entry>& entries = entries_[static_cast<std::size_t>(owner)];
  for (const Entry& entry : entries) {
    if (entry.key == key) return entry.data;  // Another thread was first.
  }
  entries.push_back({.key = key, .data = data, .num_bytes = num_bytes, .last_use = ++clock_});
  num_bytes_ += num_bytes;
  while (num_bytes_ > max_bytes_ && num_bytes_ > num_bytes) drop_least_recently_used(data.get());
  return data;
}

void PanelCache::drop_least_recently_used(const void* but) {
  std::vector<Entry>* owner = nullptr;
  std::size_t oldest = 0;
  for (std::vector<Entry>& entries : entries_) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].data.get() != but &&
          (owner == nullptr || entries[i].last_use < (*owner)[oldest].last_use)) {
        owner = &entries;
        oldest = i;
      }
    }
  }
  num_bytes_ -= (*owner)[oldest].num_bytes;
  owner->erase(owner->begin() + static_cast<std::ptrdiff_t>(oldest));
}

PanelCache::FactorsPtr PanelCache::factors(const arith::Multiplier& multiplier, int max_terms) {
  return find_or_make(kFactorsOwner, multiplier.identity() + ' ' + std::to_string(max_terms),
                      [&] { return find_factors(multiplier, max_terms); });
}

PanelCache::ErrorTablePtr PanelCache::errors(const arith::Multiplier& multiplier,
                                             std::int8_t zero_point) {
  return find_or_make(kErrorOwner, multiplier.identity() + ' ' + std::to_string(zero_point),
                      [&] { return make_error_table(multiplier, zero_point); });
}

PanelCache::ProductsPtr PanelCache::transposed(const arith::Multiplier& multiplier) {
  return find_or_make(kTransposedOwner, multiplier.identity(), [&] {
    Products products(arith::Multiplier::kNumProducts);
    for (std::size_t a = 0; a < 256; ++a) {
      for (std::size_t b = 0; b < 256; ++b) {
        products[b << 8 | a] = multiplier.products()[a << 8 | b];
      }
    }
    return products;
  });
}

std::size_t PanelCache::num_bytes() const {
  const std::shared_lock lock(mutex_);
  return num_bytes_;
}

}  // namespace deepaxe::kernel::table
