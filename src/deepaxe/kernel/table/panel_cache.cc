#include "deepaxe/kernel/table/panel_cache.h"

#include <mutex>
#include <utility>

namespace deepaxe::kernel::table {

int PanelCache::new_owner() {
  const std::unique_lock lock(mutex_);
  entries_.emplace_back();
  return static_cast<int>(entries_.size()) - 1;
}

PanelCache::AnyPtr PanelCache::find(int owner, const std::string& identity) {
  const std::shared_lock lock(mutex_);
  for (Entry& entry : entries_[static_cast<std::size_t>(owner)]) {
    if (entry.identity == identity) {
      std::atomic_ref(entry.last_use).store(++clock_, std::memory_order_relaxed);
      return entry.data;
    }
  }
  return nullptr;
}

PanelCache::AnyPtr PanelCache::insert(int owner, const std::string& identity, AnyPtr data,
                                      std::size_t num_bytes) {
  const std::unique_lock lock(mutex_);
  std::vector<Entry>& entries = entries_[static_cast<std::size_t>(owner)];
  for (const Entry& entry : entries) {
    if (entry.identity == identity) return entry.data;  // Another thread was first.
  }
  entries.push_back(
      {.identity = identity, .data = data, .num_bytes = num_bytes, .last_use = ++clock_});
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

PanelCache::WordsPtr PanelCache::find_or_build(int owner, const arith::Multiplier& multiplier,
                                               const std::function<Words()>& build) {
  AnyPtr data = find(owner, multiplier.identity());
  if (data == nullptr) {
    auto words = std::make_shared<const Words>(build());
    const std::size_t num_bytes = words->size() * sizeof(Words::value_type);
    data = insert(owner, multiplier.identity(), std::move(words), num_bytes);
  }
  return std::static_pointer_cast<const Words>(data);
}

PanelCache::FactorsPtr PanelCache::factors(const arith::Multiplier& multiplier, int max_terms) {
  const std::string key = multiplier.identity() + ' ' + std::to_string(max_terms);
  AnyPtr data = find(kFactorsOwner, key);
  if (data == nullptr) {
    auto found = std::make_shared<const Factors>(find_factors(multiplier, max_terms));
    const std::size_t num_bytes =
        2 * found->words.terms.size() * sizeof(arith::Factorization::Term) +
        2 * found->bytes.terms.size() * sizeof(arith::ByteFactorization::Term);
    data = insert(kFactorsOwner, key, std::move(found), num_bytes);
  }
  return std::static_pointer_cast<const Factors>(data);
}

PanelCache::ErrorTablePtr PanelCache::errors(const arith::Multiplier& multiplier,
                                             std::int8_t zero_point) {
  const std::string key = multiplier.identity() + ' ' + std::to_string(zero_point);
  AnyPtr data = find(kErrorOwner, key);
  if (data == nullptr) {
    auto table = std::make_shared<const ErrorTable>(make_error_table(multiplier, zero_point));
    const std::size_t num_bytes =
        sizeof(ErrorTable) + table->columns.size() * sizeof(table->columns.front());
    data = insert(kErrorOwner, key, std::move(table), num_bytes);
  }
  return std::static_pointer_cast<const ErrorTable>(data);
}

PanelCache::ProductsPtr PanelCache::transposed(const arith::Multiplier& multiplier) {
  AnyPtr data = find(kTransposedOwner, multiplier.identity());
  if (data == nullptr) {
    Products products(arith::Multiplier::kNumProducts);
    for (std::size_t a = 0; a < 256; ++a) {
      for (std::size_t b = 0; b < 256; ++b) {
        products[b << 8 | a] = multiplier.products()[a << 8 | b];
      }
    }
    const std::size_t num_bytes = products.size() * sizeof(Products::value_type);
    data = insert(kTransposedOwner, multiplier.identity(),
                  std::make_shared<const Products>(std::move(products)), num_bytes);
  }
  return std::static_pointer_cast<const Products>(data);
}

std::size_t PanelCache::num_bytes() const {
  const std::shared_lock lock(mutex_);
  return num_bytes_;
}

}  // namespace deepaxe::kernel::table
