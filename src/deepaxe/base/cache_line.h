// CacheLineVector: a vector whose elements start on a cache line.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace deepaxe::base {

inline constexpr std::size_t kCacheLineBytes = 64;

template <typename T>
struct CacheLineAllocator {
  using value_type = T;

  CacheLineAllocator() noexcept = default;
  template <typename Other>
  // NOLINTNEXTLINE(google-explicit-constructor): what std::allocator_traits asks for.
  CacheLineAllocator(const CacheLineAllocator<Other>& /*other*/) noexcept {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{kCacheLineBytes}));
  }
  void deallocate(T* memory, std::size_t /*count*/) noexcept {
    ::operator delete(memory, std::align_val_t{kCacheLineBytes});
  }
  bool operator==(const CacheLineAllocator& /*other*/) const noexcept { return true; }
};

template <typename T>
using CacheLineVector = std::vector<T, CacheLineAllocator<T>>;

}  // namespace deepaxe::base
