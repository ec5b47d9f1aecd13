#include "allocation_meter.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace deepaxe::fuzz {
namespace {

std::atomic<std::size_t> in_use{0}, at_reset{0}, peak{0};

void* allocate(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  const std::size_t now = in_use += ::malloc_usable_size(memory);
  if (now > peak) peak = now;  // Two threads may lose a little; no bound here is that tight.
  return memory;
}

void release(void* memory) noexcept {
  if (memory != nullptr) in_use -= ::malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void reset_allocation_peak() noexcept { peak = at_reset = in_use.load(); }
std::size_t allocation_peak() noexcept { return peak - at_reset; }

}  // namespace deepaxe::fuzz

void* operator new(std::size_t size) { return deepaxe::fuzz::allocate(size); }
void* operator new[](std::size_t size) { return deepaxe::fuzz::allocate(size); }
void operator delete(void* memory) noexcept { deepaxe::fuzz::release(memory); }
void operator delete[](void* memory) noexcept { deepaxe::fuzz::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { deepaxe::fuzz::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { deepaxe::fuzz::release(memory); }
