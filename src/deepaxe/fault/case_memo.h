// CaseMemo: what is known of an image's faults where one element of one tensor is all that differs.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/base/cache_line.h"

namespace deepaxe::fault {

/// The cases of one image by (node, element, code). Bounded: each element has one place, shared
/// with elements far away, and in it room for 32 codes; what is met later replaces what was met
/// before.
class CaseMemo {
 public:
  static constexpr std::size_t kCodes = 32;
  /// 3 MiB. LeNet-5 has 5,804 elements, and a census meets some ten codes of each.
  static constexpr std::size_t kMostPlaces = std::size_t{1} << 14;

  /// sizes: elements of the tensor of each node.
  explicit CaseMemo(std::span<const std::size_t> sizes = {}) {
    std::size_t total = 0;
    for (const std::size_t size : sizes) {
      first_place_.push_back(total);
      total += size;
    }
    places_.resize(std::min(std::bit_ceil(std::max<std::size_t>(total, 1)), kMostPlaces));
  }

  static constexpr std::uint64_t key(int node, std::uint32_t element, std::int8_t code) noexcept {
    return static_cast<std::uint64_t>(node) << 40 | std::uint64_t{element} << 8 |
           static_cast<std::uint8_t>(code);
  }
  static constexpr int node_of(std::uint64_t key) noexcept { return static_cast<int>(key >> 40); }
  static constexpr std::uint32_t element_of(std::uint64_t key) noexcept {
    return static_cast<std::uint32_t>(key >> 8);
  }
  static constexpr std::int8_t code_of(std::uint64_t key) noexcept {
    return static_cast<std::int8_t>(static_cast<std::uint8_t>(key));
  }

  void forget_all() noexcept { ++epoch_; }
  std::optional<std::uint32_t> find(std::uint64_t key) const noexcept {
    const Place& place = places_[index_of(key)];
    if (!belongs_to(place, key)) return std::nullopt;
    const void* found = std::memchr(place.codes.data(), static_cast<std::uint8_t>(key),
                                    std::min<std::size_t>(place.num_inserted, kCodes));
    if (found == nullptr) return std::nullopt;
    return place.cases[static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) -
                                                place.codes.data())];
  }
  /// Requires that the key is not known.
  void insert(std::uint64_t key, std::uint32_t case_index) noexcept {
    Place& place = places_[index_of(key)];
    if (!belongs_to(place, key)) {
      place.element = key >> 8;
      place.epoch = epoch_;
      place.num_inserted = 0;
    }
    const std::size_t at = place.num_inserted++ % kCodes;
    place.codes[at] = static_cast<std::uint8_t>(key);
    place.cases[at] = case_index;
  }

 private:
  struct alignas(base::kCacheLineBytes) Place {
    std::uint64_t element = 0;  // With its node: a key without the code.
    std::uint32_t epoch = 0;    // Of the image; a campaign has fewer than 2^32 golden passes.
    std::uint32_t num_inserted = 0;
    std::array<std::uint8_t, kCodes> codes{};
    std::array<std::uint32_t, kCodes> cases{};
  };
  bool belongs_to(const Place& place, std::uint64_t key) const noexcept {
    return place.element == key >> 8 && place.epoch == epoch_;
  }
  std::size_t index_of(std::uint64_t key) const noexcept {
    const std::size_t first = first_place_[static_cast<std::size_t>(node_of(key))];
    return (first + element_of(key)) & (places_.size() - 1);
  }

  std::vector<std::size_t> first_place_;  // By node.
  std::vector<Place> places_;
  std::uint32_t epoch_ = 1;
};

}  // namespace deepaxe::fault
